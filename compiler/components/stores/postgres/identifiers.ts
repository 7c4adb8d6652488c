/** What RDS calls databases: names that others can compute, such as that of a log group. */

/** The longest name RDS takes. */
export const LONGEST_IDENTIFIER = 63;

/** An account and Region hosts one placement, so the name needs no environment, and survives one that is renamed. */
export const identifierOf = (name: string, store: string): string => `${name}-${store}`;

/** What the replicas of a database are called, but for their numbers. */
export const replicaPrefix = (name: string, store: string): string => `${identifierOf(name, store)}-replica-`;

export const replicaIdentifier = (name: string, store: string, number: number): string =>
  `${replicaPrefix(name, store)}${number}`;
