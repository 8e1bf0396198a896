/** Which tables of PTEs the picture has: those of regions that their process ever maps. */
import { tableAt, tableCount } from '../kernel/view.ts';

/** Regions of a table that the process ever maps; none: the table is not drawn. */
export const regionsOf = (regions: readonly number[], mapped: readonly number[]): readonly number[] =>
  regions.filter((r) => (mapped[r] ?? -1) >= 0);

/** Tables of PTEs that are ever drawn for a process. To be called while a world of the run is active. */
export const walksOf = (mapped: readonly number[], process: number): number =>
  Array.from({ length: tableCount() }, (_, i) => regionsOf(tableAt(process, i).regions, mapped)).filter(
    (regions) => regions.length > 0,
  ).length;
