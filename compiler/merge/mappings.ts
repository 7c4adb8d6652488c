/** Mappings: a row for each placement and a column for each property that differs, named for the resource. */
import type { Row } from "../cfn/template.ts";
import { accountId, Expression, region, type Value } from "../cfn/values.ts";
import { type Cell, type Cells, shareColumn } from "./cells.ts";
import { columnOf } from "./columns.ts";

/** Where a stack of the set lands: an account and Region, and the name its rows carry. */
export interface Landing {
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** The name of the stack's own placement. In an account and Region that has none, the stack fails here. */
const ownPlacement = new Expression("Fn::FindInMap", ["Placement", region, accountId]);

/** What the stack's own placement has in a column. */
export const lookUp = (mapping: string, column: string): Expression =>
  new Expression("Fn::FindInMap", [mapping, ownPlacement, column]);

/** Mapping names that are not a resource's. */
const RESERVED = new Set(["Placement", "Conditions"]);

export class Mappings {
  readonly #landings: readonly Landing[];
  readonly #columns = new Map<string, Map<string, Cells>>();

  constructor(landings: readonly Landing[]) {
    this.#landings = landings;
  }

  /** Makes a column for a property of a resource; @returns its look-up. */
  column(logicalId: string, path: readonly string[], cells: Cells): Expression {
    const mapping = RESERVED.has(logicalId) ? `${logicalId}Values` : logicalId;
    const columns = this.#columns.get(mapping) ?? new Map<string, Cells>();
    this.#columns.set(mapping, columns);
    const wanted = columnOf(path);
    let column = wanted;
    for (let count = 2; columns.has(column); count++) column = `${wanted}${count}`;
    columns.set(column, cells);
    return lookUp(mapping, column);
  }

  /**
   * The section `Mappings`; empty where nothing differs.
   *
   * @param conditions the row of the mapping `Conditions` for a placement, by position
   * @param notes takes a note for each row with cells that its placement does not read
   */
  section(
    conditions: (placement: number) => Row,
    notes: Map<object, string>,
  ): Record<string, Record<string, Row>> {
    const hasConditions = Object.keys(conditions(0)).length > 0;
    if (this.#columns.size === 0 && !hasConditions) return {};
    const section: Record<string, Record<string, Row>> = { Placement: this.#placements() };
    if (hasConditions) section.Conditions = this.#rows(conditions);
    for (const [mapping, columns] of this.#columns) {
      section[mapping] = this.#rows((placement) => fillRow(columns, placement, notes));
    }
    return section;
  }

  #placements(): Record<string, Row> {
    const rows: Record<string, Record<string, Value>> = {};
    for (const { region: name, account, name: placement } of this.#landings) {
      rows[name] ??= {};
      rows[name][account] = placement;
    }
    return rows;
  }

  #rows(row: (placement: number) => Row): Record<string, Row> {
    return Object.fromEntries(this.#landings.map(({ name }, placement) => [name, row(placement)]));
  }
}

/**
 * A placement's row. CloudFormation looks up every cell, used or not, and fails where there is none; so cells that the
 * placement does not read are filled: with what it would have, if that is of the column's kind, or else with what the
 * first that reads the column has.
 */
function fillRow(columns: ReadonlyMap<string, Cells>, placement: number, notes: Map<object, string>): Row {
  const row: Record<string, Value> = {};
  const unread: string[] = [];
  for (const [column, cells] of columns) {
    const { value, live } = cells[placement] as Cell;
    const first = cells.find((cell) => cell.live)?.value as Value;
    row[column] = value !== undefined && shareColumn([first, value]) ? value : first;
    if (!live) unread.push(column);
  }
  if (unread.length === columns.size) notes.set(row, "not in use here");
  else if (unread.length > 0) notes.set(row, `not in use here: ${unread.join(", ")}`);
  return row;
}
