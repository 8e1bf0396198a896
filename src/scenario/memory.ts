/** Where operations point: regions, their pages, and who has them mapped. */
import { PART, PART_UNALIGNED } from '../kernel/flags.ts';
import type { RegionKind } from '../kernel/plan.ts';
import { notModelled } from './diagnostic.ts';
import { isFileKind, isHuge, isLargeKind, slotIn } from './draft.ts';
import type { Area, Draft, Member, Strand } from './draft.ts';
import { PAGES_MAX } from './limits.ts';
import { didYouMean } from './nearest.ts';
import type { Name, Place } from './syntax.ts';

export interface Slots {
  readonly va: number;
  readonly pages: number;
  readonly region: number;
}

/** Pages of 4 kB in one of 2 MB. */
const SMALL_PAGES = 512;
/**
 * Where an operation works that may be told a part of a huge page: on all of it, and in `part` whether it was
 * told less. 0: no; PART, or with PART_UNALIGNED not from its first 4 kB.
 */
export function slotsOfPart(
  draft: Draft,
  member: Member | undefined,
  place: Place,
  count: number | null,
): (Slots & { readonly part: number }) | null {
  const area = draft.areas.get(place.region.text),
    { page } = place;
  if (area === undefined || !isHuge(area) || page === null || page >= SMALL_PAGES) {
    const slots = slotsOf(draft, member, place, count);
    return slots && { ...slots, part: 0 };
  }
  const whole = slotsOf(draft, member, { ...place, page: null }, null);
  const part = page > 0 ? PART | PART_UNALIGNED : (count ?? 1) < SMALL_PAGES ? PART : 0;
  return whole && { ...whole, part };
}

/** Says so if all regions together need more page slots than a world has. */
export function checkPages(draft: Draft): void {
  const areas = [...draft.areas.values()];
  const over = areas.find((area) => area.at + area.pages > PAGES_MAX);
  if (over === undefined) return;
  const pages = areas.reduce((sum, area) => sum + area.pages, 0);
  draft.problems.error(
    over.span,
    `the regions have ${pages} pages together; at most ${PAGES_MAX}`,
    'Map fewer pages.',
  );
}

/** Maps a region in a process, by a `region` line or an mmap. null after a mistake. */
export function map(
  draft: Draft,
  member: Member,
  { region, kind, pages }: { readonly region: Name; readonly kind: RegionKind; readonly pages: number },
): Area | null {
  const { problems } = draft;
  const area = draft.areas.get(region.text);
  if (area === undefined || area.foreign) return null;
  if (member.maps.has(region.text)) {
    const hint = 'Unmap it first, or name the new mapping differently.';
    problems.error(region.span, `${region.text} is mapped in ${member.name} already`, hint);
  }
  if ((area.kind === 'huge') !== (kind === 'huge')) {
    const hint = 'Use another name for memory of small pages.';
    problems.error(region.span, `${region.text} is the name of a huge page here`, hint);
  }
  if (area.file >= 0 && !isFileKind(kind)) {
    const hint = 'Use another name for memory that is not of the file.';
    problems.error(region.span, `${region.text} is the name of a file here`, hint);
  }
  if (kind === 'memfd') area.shared ??= region.span;
  if (kind === 'shanon') {
    if (area.shared !== null) {
      const hint = 'Each shared mapping is new memory: use another name, or fork.';
      problems.error(region.span, `${region.text} is shared memory since line ${area.shared.line}`, hint);
    }
    area.shared ??= region.span;
  }
  if (isLargeKind(area.kind) && (kind !== area.kind || pages !== area.length)) {
    const hint = `Write ${area.kind} ${area.length}, or use another name.`;
    problems.error(region.span, `${region.text} is ${area.length} pages of kind ${area.kind}`, hint);
  }
  member.maps.set(region.text, isLargeKind(area.kind) ? area.pages : pages);
  member.ever.add(region.text);
  return area;
}

/**
 * Two threads of a process that map one region in one block: which mapping there is would be left to
 * chance.
 */
export function change(draft: Draft, member: Member, strand: Strand, region: Name, mmap: boolean): void {
  const { block, problems } = draft;
  if (block === null) return;
  const key = `${member.index} ${region.text}`;
  const earlier = block.maps.get(key);
  if (earlier !== undefined && earlier.thread !== strand.index && (mmap || earlier.mmap)) {
    const hint = 'Map it before the block, or in one thread.';
    problems.error(region.span, `another thread of ${member.name} maps ${region.text} in this block`, hint);
  }
  if (earlier === undefined || mmap) block.maps.set(key, { thread: strand.index, mmap });
}

/**
 * Page slots of `a.0`, of `count` pages from there, or of all of `a` as the process has it. null after a
 * mistake.
 */
export function slotsOf(
  draft: Draft,
  member: Member | undefined,
  place: Place,
  count: number | null,
): Slots | null {
  const { problems, areas } = draft;
  const { region, page } = place;
  const area = areas.get(region.text);
  if (area === undefined) {
    const otherwise = `Add \`region ${region.text} anon 1 page\`.`;
    problems.error(
      region.span,
      `no region is called ${region.text}`,
      didYouMean(region.text, areas.keys(), otherwise),
    );
    return null;
  }
  if (area.foreign) return null;
  if (member !== undefined && !member.ever.has(region.text)) {
    problems.warning(
      place.span,
      `${member.name} never had ${region.text}: this fails`,
      'Map it before the fork.',
    );
  }
  if (page === null)
    return { va: area.at, pages: member?.maps.get(region.text) ?? area.pages, region: area.index };
  const pages = count ?? 1;
  if (isHuge(area) && page > 0 && page < SMALL_PAGES) {
    problems.error(place.span, notModelled(`${area.name}.${page} of a huge page`), `Use ${area.name}.0.`);
    return null;
  }
  if (page + pages > area.length) {
    const last = `${area.name}.${area.length - 1}`;
    const have =
      area.length === 1 ? `has 1 page: ${last}` : `has ${area.length} pages: ${area.name}.0 to ${last}`;
    problems.error(place.span, `${area.name} ${have}`, `Use one of these, or map ${page + pages} pages.`);
    return null;
  }
  const slot = slotIn(area, page);
  return { va: area.at + slot, pages: slotIn(area, page + pages) - slot, region: area.index };
}
