/** FOLL_BREAK_COW, an idea in the message of 17839856fd58: v5.8, but the page of zeros is spared. */
import type { Model } from '../rules.ts';
import { v5_8 } from './v5_8.ts';

export const gup_break_cow_flag: Model = {
  ...v5_8,
  id: 'gup-break-cow-flag',
  title: 'Proposal: GUP breaks copy-on-write, but not of zeros',
  rule:
    'As v5.8, but whether copy-on-write must be broken is decided at the entry: a reference for reading ' +
    'to the page of zeros is taken as it is.',
  since: 'Never merged. Message of 17839856fd58, quoted in the mail of 12 Oct 2021.',
  replaces: 'v5.8: every look-up in a copy-on-write mapping acts as a write.',
  breaks: 'As v5.8; and a pin of the page of zeros parts from its process at the next store.',
  looksAt: 'mapcount, after GUP has copied',
  proposal: true,
  mailSays:
    'Torvalds, in the message: if finer steps are wanted (the page of zeros need not be broken), push the ' +
    'rule deeper into the look-up, with an internal FOLL_BREAK_COW.',
  ours: 'Where the look-up asks: under the page-table lock, at an entry that is present and read-only.',
  rules: { ...v5_8.rules, gupSparesZeroPage: true },
};
