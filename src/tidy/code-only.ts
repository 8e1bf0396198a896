// Source text without comments, strings and regular expressions: a word in a sentence is no call.

const tokens = new RegExp(
  [
    String.raw`(?<blank>\/\/[^\n]*|\/\*[\s\S]*?\*\/)`,
    String.raw`(?<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")`,
    // A slash begins a regular expression only where a value may begin.
    String.raw`(?<before>[=(,:[!&|?{};\n]\s*|\breturn\s+)` +
      String.raw`\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*`,
  ].join('|'),
  'g',
);

/** Line breaks stay, so that a position still tells the line. */
export function codeOnly(source: string): string {
  const blanked = source.replace(tokens, (found, ...rest) => {
    const { text, before } = rest.at(-1) as { text?: string; before?: string };
    if (text !== undefined) return `''`;
    return before === undefined ? found.replace(/[^\n]/g, ' ') : `${before}/x/`;
  });
  // What stands between the placeholders of a template is code and stays.
  return blanked
    .replace(/`(?:[^`\\$]|\\.|\$(?!\{))*(?=\$\{|`)/g, '`')
    .replace(/\}(?:[^`{}\\$\n]|\\.)*(?=`)/g, '}');
}
