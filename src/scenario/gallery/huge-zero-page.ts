import { entry } from './entry.ts';

export const hugeZeroPage = entry(
  'huge-zero-page',
  'v6.18',
  `
scenario The huge page of zeros
about A load where nothing is mapped gets 512 pages of zeros that all
  processes share. A store must not write to them: from 5.8 on the PMD entry
  is split and one small page made; until 5.7, and again since 6.15, the
  store gets a huge page.
source commit 17839856fd58; mm/huge_memory.c, do_huge_pmd_wp_page()

process parent
region a thp 512 pages

parent: load a.0
parent: fork child
parallel
  parent: store a.0 "mine"
  child:  load a.0 -> got
  child:  store a.1 "hers"
end
parent: load a.1 -> seen

never child.got = "mine"
never parent.seen = "hers"
expect v4.8..v7.2 holds
`,
);
