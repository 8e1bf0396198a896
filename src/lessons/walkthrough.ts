/** What a walkthrough is: beats of prose, each at one place of a run. Its places and claims are tested. */

export interface Beat {
  readonly title: string;
  /** A few sentences of plain text. */
  readonly text: string;
  readonly model: string;
  /** Id in the gallery. */
  readonly scenario: string;
  /** Switches of threads, '' = declared order. */
  readonly schedule: string;
  /** Position as in links. */
  readonly at: string;
}

/** What a check must find, so that the prose cannot rot. */
export interface Claim {
  readonly scenario: string;
  readonly model: string;
  readonly breaks: string | null;
}

export interface Walkthrough {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly source: string;
  readonly beats: readonly Beat[];
  readonly claims: readonly Claim[];
}
