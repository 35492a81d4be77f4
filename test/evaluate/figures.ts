/** What a card says of a model, beside what was measured again. */
export interface Figure {
  readonly name: string;
  readonly stated: number;
  readonly measured: number;
  /** How far the card may lie above the measured figure (below it, where less is better). */
  readonly slack: number;
  readonly lessIsBetter?: boolean;
}

/** Figures that are the same computation on the same items: what is left are the last digits of floats. */
export const sameItems = 0.0015;

export function overstates({ stated, measured, slack, lessIsBetter = false }: Figure): boolean {
  // Written so that a figure that is no number counts as overstated.
  return lessIsBetter ? !(measured <= stated + slack) : !(measured >= stated - slack);
}

/** Prints a model's figures; resolves to how many of them the card overstates. */
export function report(model: string, figures: readonly Figure[]): number {
  const wrong = figures.filter(overstates);
  console.log(`\n${model}: ${figures.length} figures, ${wrong.length} overstated`);
  for (const figure of figures) {
    const { name, stated, measured } = figure;
    const verdict = overstates(figure) ? 'OVERSTATED' : 'held      ';
    console.log(`  ${verdict} ${name}: card ${stated.toFixed(4)}, measured ${measured.toFixed(4)}`);
  }
  return wrong.length;
}
