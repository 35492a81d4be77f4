/** What people select, and what nobody should. */
const pieces: readonly string[] = [
  'The cat sat on the mat because it was warm. ',
  '我很喜欢这本书，因为它写得很好。',
  'مرحبا بالعالم، هذا نص من اليمين إلى اليسار. ',
  'naïve café Ångström, ﬁnal. ',
  '👩‍👩‍👧‍👦 🇨🇳 👍🏽 ',
  'const x = await fetch(`${url}?q=${encodeURIComponent(q)}`);\n',
  '\t\t  \n',
  '0123456789'.repeat(6),
  '\u0000\u0007\u200b\ufeff\ud800',
  '[MASK] [SEP] [CLS] <|endoftext|> ',
];

/** A text of one to some hundred pieces, most of them short. @param random in [0, 1) */
export function someText(random: () => number): string {
  const numPieces = random() < 0.9 ? 1 + Math.floor(random() * 4) : 1 + Math.floor(random() * 200);
  const parts = Array.from({ length: numPieces }, () => pieces[Math.floor(random() * pieces.length)]);
  return parts.join('');
}
