/** Cells: what each placement has at one place of the template. */
import { isList, isScalar, type Value } from "../cfn/values.ts";

/** What one placement has. Not live: it is not in that placement's stack, and at most fills its row. */
export interface Cell {
  readonly value: Value | undefined;
  readonly live: boolean;
}

/** One for each placement, in their order. */
export type Cells = readonly Cell[];

export const liveValues = (cells: Cells): Value[] =>
  cells.filter((cell) => cell.live).map((cell) => cell.value as Value);

/** The cells one level down; where there is nothing below, the cell is no longer live. */
export function descend(cells: Cells, into: (value: Value, placement: number) => Value | undefined): Cells {
  return cells.map((cell, placement) => {
    const value = cell.value === undefined ? undefined : into(cell.value, placement);
    return { value, live: cell.live && value !== undefined };
  });
}

/** Whether a value may stand in a mapping: a scalar, or a list of strings. */
export const isMappable = (value: Value): boolean =>
  isScalar(value) || (isList(value) && value.length > 0 && value.every((item) => typeof item === "string"));

/** A column has scalars or lists, not both: a reader of the template could not tell what it yields. */
export const shareColumn = (values: readonly Value[]): boolean =>
  values.every((value) => isMappable(value) && isList(value) === isList(values[0] as Value));
