/** Models, and rule sets that are put together by hand: what there is to switch, and what was switched. */

/** A model as the picker shows it: the header block of its file. */
export interface ModelInfo {
  readonly id: string;
  readonly title: string;
  readonly rule: string;
  readonly since: string;
  readonly replaces: string;
  readonly breaks: string;
  readonly notHere: string;
  /** Composed models judge recordings; they stay out of strip and matrix. */
  readonly composed: boolean;
  /** Ideas of the mails that were never merged; strip and picker show them as a group of their own. */
  readonly proposal: boolean;
  /** What the mail itself says, and how the project completed it; '' for kernels. */
  readonly mailSays: string;
  readonly ours: string;
  /** What decides reuse: `mapcount`, `refcount`, `exclusive, else refcount`. */
  readonly looksAt: string;
}

export interface PositionView {
  readonly id: string;
  readonly says: string;
  /** The model whose answer it is. */
  readonly from: string;
  /** Commit or mail, or ''. */
  readonly since: string;
}
export interface SwitchView {
  readonly id: string;
  readonly name: string;
  readonly asks: string;
  /** Where it is, and where the base has it; '': a mix of its own, which is none of the positions. */
  readonly at: string;
  readonly usual: string;
  readonly positions: readonly PositionView[];
}
export interface RulesView {
  readonly model: ModelInfo;
  readonly base: string;
  readonly groups: readonly { readonly title: string; readonly switches: readonly SwitchView[] }[];
  /** Switches that had to follow the last change. */
  readonly moved: readonly string[];
}
