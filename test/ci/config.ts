/** A CircleCI configuration as data, as far as we generate it. */

/** A step: the name of one without settings, or one with settings under its name. */
export type Step = string | { readonly [name: string]: unknown };

export interface Parameter {
  readonly type: string;
  readonly default?: unknown;
}

export interface Command {
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly steps: readonly Step[];
}

export interface Job extends Command {
  readonly environment?: Readonly<Record<string, string>>;
  readonly working_directory?: string;
}

/** What a workflow says of a job, besides the arguments of its parameters. */
export interface Invocation {
  readonly name?: string;
  readonly type?: string;
  readonly requires?: readonly string[];
  readonly filters?: { readonly branches?: { readonly only?: string } };
  readonly matrix?: { readonly parameters: Readonly<Record<string, readonly string[]>> };
  readonly "serial-group"?: string;
  readonly [argument: string]: unknown;
}

export interface Config {
  readonly commands?: Readonly<Record<string, Command>>;
  readonly jobs: Readonly<Record<string, Job>>;
  readonly workflows?: Readonly<
    Record<string, { readonly jobs: readonly (string | Record<string, Invocation>)[] }>
  >;
}

/** What is no argument of a parameter in an invocation. */
export const RESERVED = ["name", "type", "requires", "filters", "matrix", "serial-group", "context"];

/** A job in a workflow: what it is called there, and what it runs. */
export interface Invoked {
  readonly name: string;
  readonly job: string;
  readonly invocation: Invocation;
}

export const invokedIn = (jobs: readonly (string | Record<string, Invocation>)[]): Invoked[] =>
  jobs.map((entry) => {
    const [job = "", invocation = {}] =
      typeof entry === "string" ? [entry] : (Object.entries(entry)[0] ?? []);
    return { name: invocation.name ?? job, job, invocation };
  });

/** The names that `<< parameters.… >>` asks for, anywhere in a value. */
export const parametersIn = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/<< parameters\.([\w-]+) >>/g)].map(([, name = ""]) => name);
