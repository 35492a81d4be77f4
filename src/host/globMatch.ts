/**
 * Whether a path fits one of VS Code's glob patterns: `*` and `?` stay within a folder, `**` goes through any
 * number of them, `{a,b}` is a choice, `[a-z]` and `[!a-z]` are characters.
 * @param path with `/` between its parts, relative to what the pattern is relative to
 */
export function globMatches(pattern: string, path: string): boolean {
  return compiled(pattern).test(path);
}

const known = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  let expression = known.get(pattern);
  if (!expression) {
    expression = compile(pattern);
    known.set(pattern, expression);
  }
  return expression;
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(`^${translate(pattern.replace(/^\//, ''))}$`, 'u');
  } catch {
    // What is no pattern, such as `[z-a]`, fits nothing.
    return /(?!)/;
  }
}

/** What the beginning of a pattern is: steps over folders, wildcards, a class of characters, or one character. */
const part = /^\/?\*\*\/|^\/?\*\*(?=$|[,}])|^\*+|^\[[!^]?[^\]/]+\]|^[^]/u;

function translate(pattern: string): string {
  let result = '';
  let depth = 0;
  for (let index = 0; index < pattern.length;) {
    const rest = pattern.slice(index);
    const found = part.exec(rest)?.[0] ?? rest;
    index += found.length;
    if (found === '**/') {
      result += '(?:[^/]+/)*';
    } else if (found === '/**/') {
      result += '/(?:[^/]+/)*';
    } else if (found === '/**') {
      // `folder/**` is the folder itself, too.
      result += '(?:/.*)?';
    } else if (found === '**') {
      result += '.*';
    } else if (found.startsWith('*')) {
      result += '[^/]*';
    } else if (found === '?') {
      result += '[^/]';
    } else if (found.length > 1 && found.startsWith('[')) {
      result += found.replace(/^\[[!^]/, '[^').replaceAll('\\', '\\\\');
    } else if (found === '{') {
      depth++;
      result += '(?:';
    } else if (found === '}' && depth > 0) {
      depth--;
      result += ')';
    } else if (found === ',' && depth > 0) {
      result += '|';
    } else {
      result += found.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
    }
  }
  return result;
}
