/**
 * Connections: what one who uses something must know, may do and may reach. What is used declares it, in terms of its
 * own outputs; who uses it turns it into variables, permissions and rules of its own. Neither knows the other's kind.
 */
import type { Architecture, Placement } from "./architecture.ts";
import type { Expression, PlainObject } from "./cfn/values.ts";
import type { KnownEntry } from "./entries.ts";
import { Invariant } from "./invariant.ts";

export interface Connection {
  /** Environment variables that are no secret: addresses, names. */
  readonly variables: Readonly<Record<string, string | Expression>>;
  /** Environment variables whose values are in Secrets Manager. */
  readonly secrets?: Readonly<Record<string, SecretValue>>;
  /** Where it is reached, by whoever is let in to a security group. */
  readonly port?: Port;
  /** Statements for the role of who uses it. */
  readonly statements?: readonly PlainObject[];
  /** The bucket it is, if it is one: EventBridge tells what happens in it. */
  readonly bucketName?: Expression;
}

/** One value in a secret of Secrets Manager. */
export interface SecretValue {
  /** The secret's ARN. */
  readonly secretArn: Expression;
  /** The ARN of the key that it is encrypted with. */
  readonly keyArn: Expression;
  /** The key of the value in the secret's JSON; absent where the secret is the value. */
  readonly jsonKey?: string;
}

/** What everything internal is reached through. */
export const INTERNAL_DOOR = "internal load balancer";

/** A port, or several in a row. */
export interface Port {
  /** The id of the security group that must let in who uses it. */
  readonly securityGroupId: Expression;
  /** In words, what it is reached through that others are behind as well; absent where it is reached itself. */
  readonly through?: string;
  readonly from: number;
  /** The last of several; the same as `from` where there is one. */
  readonly to: number;
}

/** Environment variables that everything is told that runs: its environment and Region, and where the internal load balancer is. */
export const GIVEN = {
  environment: "ENVIRONMENT",
  region: "AWS_REGION",
  internalUrl: "INTERNAL_URL",
} as const;

/** How an environment variable begins that tells something of a thing: `stripe-key` → `STRIPE_KEY`. */
export const variableOf = (name: string): string => name.replaceAll("-", "_").toUpperCase();

/** The environment variable that tells where a secret is. */
export const secretVariableOf = (secret: string): string => `${variableOf(secret)}_SECRET_ARN`;

/** What can be used in each placement, by name, and how. */
export class Connections {
  readonly #architecture: Architecture;
  readonly #usable: ReadonlyMap<string, KnownEntry>;
  /** Each entry is asked once, however many use it. */
  readonly #known = new Map<KnownEntry, Connection | undefined>();

  constructor(architecture: Architecture, entries: readonly KnownEntry[]) {
    this.#architecture = architecture;
    this.#usable = new Map(
      entries
        .filter(({ component }) => component.connect)
        .map((entry) => [keyOf(entry.placement, String(entry.path.at(-1))), entry]),
    );
  }

  entry(placement: Placement, name: string): KnownEntry | undefined {
    return this.#usable.get(keyOf(placement, name));
  }

  /** How an entry is used; undefined where nobody can use it. */
  of(entry: KnownEntry): Connection | undefined {
    if (this.#known.has(entry)) return this.#known.get(entry);
    const connection = entry.component.connect?.(entry, this.#architecture);
    this.#known.set(entry, connection);
    return connection;
  }

  /** How something is used that can be: `checkUses` has seen to it. */
  get(placement: Placement, name: string): Connection {
    const entry = this.entry(placement, name);
    const connection = entry && this.of(entry);
    if (!connection) throw new Invariant(`${name} can't be used in ${placement.name}`);
    return connection;
  }
}

const keyOf = (placement: Placement, name: string): string => `${placement.name} ${name}`;
