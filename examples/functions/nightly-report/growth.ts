/** What has become of tables between two reports. */

export interface Size {
  readonly table: string;
  /** As the database estimates them. */
  readonly rows: number;
  readonly bytes: number;
}

export interface Growth extends Size {
  /** Rows and bytes more than the last time; all of them for a table that is new. */
  readonly grown: { readonly rows: number; readonly bytes: number };
}

/** The tables that are there, those that grew most first. */
export function growth(sizes: readonly Size[], before: readonly Size[]): Growth[] {
  const known = new Map(before.map((size) => [size.table, size]));
  return sizes
    .map((size) => {
      const { rows = 0, bytes = 0 } = known.get(size.table) ?? {};
      return { ...size, grown: { rows: size.rows - rows, bytes: size.bytes - bytes } };
    })
    .toSorted((a, b) => b.grown.bytes - a.grown.bytes || (a.table < b.table ? -1 : 1));
}
