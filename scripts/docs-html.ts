// Markdown as HTML, for pages that are built from the docs. Read by the parser that formats them (prettier's), so that
// both mean the same text; what is written here is how each part of it looks.
import { parsers } from 'prettier/plugins/markdown';

/** A part of a text: what the parser says of the kinds that docs use. */
interface Node {
  readonly type: string;
  readonly children?: readonly Node[];
  readonly value?: string;
  readonly depth?: number;
  readonly lang?: string | null;
  readonly url?: string;
  readonly alt?: string | null;
  readonly ordered?: boolean;
  readonly position?: {
    readonly start: { readonly offset: number };
    readonly end: { readonly offset: number };
  };
}

export interface Page {
  readonly title: string;
  readonly html: string;
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** As GitHub makes them, and as src/tidy/docs.test.ts expects them of links. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** `linkTo`: where a link of the text leads on the pages; null: nowhere, it stays text. */
export async function pageOf(text: string, linkTo: (target: string) => string | null): Promise<Page> {
  const root = (await parsers.markdown.parse(text, { originalText: text } as never)) as Node;
  const inside = (node: Node): string => (node.children ?? []).map(html).join('');

  function html(node: Node): string {
    switch (node.type) {
      case 'heading': {
        const level = `h${node.depth ?? 1}`;
        return `<${level} id="${escaped(anchorOf(wordsOf(node)))}">${inside(node)}</${level}>\n`;
      }
      case 'paragraph':
        return `<p>${inside(node)}</p>\n`;
      case 'text':
        return escaped(node.value ?? '');
      case 'inlineCode':
        return `<code>${escaped(node.value ?? '')}</code>`;
      case 'code':
        return `<pre tabindex="0"><code>${escaped(node.value ?? '')}</code></pre>\n`;
      case 'strong':
        return `<strong>${inside(node)}</strong>`;
      case 'emphasis':
        return `<em>${inside(node)}</em>`;
      case 'list':
        return node.ordered === true ? `<ol>${inside(node)}</ol>\n` : `<ul>${inside(node)}</ul>\n`;
      case 'listItem':
        return `<li>${inside(node)}</li>`;
      case 'blockquote':
        return `<blockquote>${inside(node)}</blockquote>\n`;
      case 'thematicBreak':
        return '<hr>\n';
      case 'break':
        return '<br>';
      case 'link': {
        const to = linkTo(node.url ?? '');
        return to === null ? inside(node) : `<a href="${escaped(to)}">${inside(node)}</a>`;
      }
      case 'image': {
        const to = linkTo(node.url ?? '');
        const alt = escaped(node.alt ?? '');
        return to === null ? alt : `<img src="${escaped(to)}" alt="${alt}">`;
      }
      case 'table':
        return tableOf(node);
      default:
        // Formulas, raw HTML and whatever else the parser knows: as it was written.
        return escaped(text.slice(node.position?.start.offset, node.position?.end.offset));
    }
  }

  function tableOf({ children = [] }: Node): string {
    const [head, ...rows] = children;
    const line = (row: Node | undefined, cell: string): string => {
      // The corner of a table has no name, and is no heading then.
      const tag = (words: string): string => (words === '' ? 'td' : cell);
      const cells = (row?.children ?? [])
        .map(inside)
        .map((words) => `<${tag(words)}>${words}</${tag(words)}>`);
      return `<tr>${cells.join('')}</tr>\n`;
    };
    const body = rows.map((row) => line(row, 'td')).join('');
    return `<div class="table" tabindex="0"><table><thead>${line(head, 'th')}</thead><tbody>${body}</tbody></table></div>\n`;
  }

  const first = root.children?.find((one) => one.type === 'heading');
  return { title: first ? wordsOf(first) : '', html: (root.children ?? []).map(html).join('') };
}

const wordsOf = (node: Node): string => node.value ?? (node.children ?? []).map(wordsOf).join('');
