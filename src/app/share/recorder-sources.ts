/** The recorder's own files, which a C program consists of. Only with the export dialog. */
const files = import.meta.glob<string>('../../../recorder/{*.c,*.h,export/expect.c}', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const recorderSources: readonly { readonly name: string; readonly text: string }[] = Object.entries(
  files,
)
  .map(([path, text]) => ({ name: path.replace(/^.*\//, ''), text }))
  .toSorted((a, b) => (a.name < b.name ? -1 : 1));
