/** Words in the colours of what they are; a value in the hue of who writes it. */
import { RangeSetBuilder, StateEffect } from '@codemirror/state';
import {
  Decoration,
  ViewPlugin,
  type DecorationSet,
  type EditorView,
  type ViewUpdate,
} from '@codemirror/view';
import type { LaneView } from '../../../../worker/protocol.ts';
import { continues, piecesOf, type Piece } from '../../../../scenario/highlight.ts';

/** The picture has these threads now. */
export const recolour = StateEffect.define<readonly LaneView[]>();

/** A line longer than that is nobody's scenario. */
const LONGEST = 2000;
const HUES = 4;

function classOf({ hue, actor }: Piece, lanes: readonly LaneView[]): string {
  const who = actor === undefined ? undefined : lanes.find((lane) => lane.name === actor)?.who;
  return who === undefined || who < 0 ? `cm-${hue}` : `cm-${hue} cm-who${who % HUES}`;
}

function drawn({ state, visibleRanges }: EditorView, lanes: readonly LaneView[]): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  const lineAt = (at: number): string => state.doc.line(at + 1).text;
  for (const { from, to } of visibleRanges) {
    const last = state.doc.lineAt(to).number;
    for (let n = state.doc.lineAt(from).number; n <= last; n++) {
      const line = state.doc.line(n);
      if (line.length > LONGEST) continue;
      for (const piece of piecesOf(line.text, continues(lineAt, n - 1))) {
        const mark = Decoration.mark({ class: classOf(piece, lanes) });
        if (piece.to > piece.from) marks.add(line.from + piece.from, line.from + piece.to, mark);
      }
    }
  }
  return marks.finish();
}

export const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    private lanes: readonly LaneView[] = [];
    constructor(view: EditorView) {
      this.decorations = drawn(view, this.lanes);
    }
    update(update: ViewUpdate): void {
      const asked = update.transactions.flatMap((t) => t.effects).findLast((e) => e.is(recolour));
      if (asked) this.lanes = asked.value;
      if (asked || update.docChanged || update.viewportChanged)
        this.decorations = drawn(update.view, this.lanes);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
