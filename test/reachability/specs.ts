/** Random specs, as far as who reaches whom depends on them: networks, a VPN, load balancers, stores, and who uses what. */
import fc from "fast-check";
import type { JsonObject } from "../../compiler/schema.ts";

/** A spec as its sections. Each is a key of the whole spec. */
export type Sections = Readonly<Record<string, JsonObject>>;

const ENVIRONMENTS = ["dev", "stage", "prod"] as const;

const networkWith = (nat: readonly string[]) =>
  fc.record(
    {
      azs: fc.integer({ min: 2, max: 3 }),
      nat: fc.constantFrom(...nat),
      endpoints: fc.subarray(["ssm", "ecr.api"]),
    },
    { requiredKeys: [] },
  );

/** Each in an account of its own, with a domain or not. */
const environmentsWith = (network: fc.Arbitrary<JsonObject>) =>
  fc
    .uniqueArray(fc.record({ name: fc.constantFrom(...ENVIRONMENTS), hasDomain: fc.boolean(), network }), {
      minLength: 1,
      selector: ({ name }) => name,
    })
    .map((chosen): Sections => {
      const [first, ...others] = chosen.filter(({ hasDomain }) => hasDomain);
      const domainIn = (name: string) => (name === first?.name ? "demo.example" : `${name}.demo.example`);
      return {
        accounts: Object.fromEntries(
          chosen.map(({ name }, index) => [
            name,
            { id: String(111111111111 + index), email: `aws+${name}@demo.example` },
          ]),
        ),
        environments: Object.fromEntries(
          chosen.map(({ name, hasDomain, network: own }) => [
            name,
            {
              account: name,
              network: own,
              ...(hasDomain && { domain: domainIn(name) }),
            },
          ]),
        ),
        ...(first && {
          domains: { "demo.example": { environment: first.name, delegates: others.map(({ name }) => name) } },
        }),
      };
    });

const engine = fc.oneof(
  fc.record({ engine: fc.constant("s3") }),
  fc.record({
    engine: fc.constant("postgres"),
    version: fc.constant("16"),
    class: fc.constant("db.t4g.medium"),
    storage: fc.constant("20"),
    replicas: fc.nat(2),
  }),
  fc.record({ engine: fc.constantFrom("memcached", "valkey") }),
  fc.record({
    engine: fc.constantFrom("memcached", "valkey"),
    class: fc.constant("cache.t4g.small"),
    nodes: fc.integer({ min: 1, max: 3 }),
  }),
);

/** What may be used: stores, and what is internal. */
const uses = fc.subarray(["main", "sessions", "pages", "api"]);

const image = fc.constantFrom("acme/app", "public.ecr.aws/nginx/nginx");
const program = { image, version: fc.constant("1.0.0"), uses };

const services = fc.record(
  {
    web: fc.record({
      ...program,
      port: fc.constantFrom(80, 3000),
      public: fc.oneof(fc.constant({ path: "/*" }), fc.constant({ path: ["/a", "/b/*"], host: "admin" })),
    }),
    api: fc.record(
      {
        ...program,
        port: fc.constant(8080),
        internal: fc.constantFrom({ path: "/api/*" }, { path: "/v2/*" }),
        public: fc.constant({ path: "/hooks" }),
        deploy: fc.constantFrom("rolling", "blue-green"),
      },
      { requiredKeys: ["image", "version", "uses", "port", "internal"] },
    ),
    worker: fc.record(program),
    nightly: fc.record({ ...program, schedule: fc.constant("rate(1 day)") }),
    migrate: fc.record({ ...program, "on-demand": fc.constant(true) }),
  },
  { requiredKeys: [] },
);

const functions = fc.record(
  {
    report: fc.record({ ...program, image: fc.constant("acme/report") }),
    status: fc.record({
      ...program,
      image: fc.constant("acme/status"),
      public: fc.constant({ path: "/status" }),
    }),
  },
  { requiredKeys: [] },
);

/** Every section of a spec. */
const specsWith = (
  network: fc.Arbitrary<JsonObject>,
  cluster: Sections,
  services: fc.Arbitrary<object>,
): fc.Arbitrary<Sections> =>
  fc
    .record({
      environments: environmentsWith(network),
      network,
      hasBalancers: fc.boolean(),
      vpn: fc.option(fc.record({ from: fc.nat(2), reached: fc.nat(7) })),
      stores: fc.record({ main: engine, sessions: engine, pages: engine }, { requiredKeys: [] }),
      services,
      functions,
      /** Where each is, of the environments it may be in. */
      places: fc.array(fc.nat(7), { minLength: 12, maxLength: 12 }),
    })
    .map(({ environments: chosen, network: general, hasBalancers, vpn, places, ...all }) => {
      return {
        ...chosen,
        ...cluster,
        network: general,
        ...(hasBalancers && chosen.domains && { "load-balancers": { public: true, internal: true } }),
        ...(vpn && vpnOf(Object.keys(chosen.environments ?? {}), vpn)),
        ...placed(all as unknown as Kinds, chosen.environments as JsonObject, places.values()),
      };
    });

/** In one of the environments, reaching any of the others. */
function vpnOf(names: readonly string[], { from, reached }: { from: number; reached: number }): Sections {
  const environment = names[from % names.length] ?? "";
  const others = names.filter((name) => name !== environment);
  return { vpn: { environment, reaches: others.filter((_, index) => (reached >> index) & 1) } };
}

/** On instances and without, both of which need NAT; without NAT there is nothing but stores and functions. */
export const specs = fc.oneof(
  specsWith(
    networkWith(["single", "per-az"]),
    { cluster: { capacity: "ec2", instances: { type: "t4g.large", scale: "1-2" } } },
    services,
  ),
  specsWith(networkWith(["single", "per-az"]), {}, services),
  specsWith(networkWith(["none", "single", "per-az"]), {}, fc.constant({})),
);

type Kinds = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/** Each somewhere: in environments with a domain if load balancers reach it; it uses what is in all of these too. */
function placed(kinds: Kinds, environments: JsonObject, choices: Iterator<number>): Sections {
  const all = Object.keys(environments);
  const withDomain = all.filter((name) => (environments[name] as JsonObject).domain !== undefined);
  const places = new Map<string, string[]>();
  for (const [name, settings] of Object.values(kinds).flatMap((kind) => Object.entries(kind))) {
    const possible = settings.public || settings.internal ? withDomain : all;
    const choice = choices.next().value as number;
    const chosen = possible.filter((_, index) => (choice >> index) & 1);
    places.set(name, chosen.length > 0 ? chosen : possible);
  }
  const isThere = (used: string, user: string) =>
    used !== user && places.get(user)?.every((place) => places.get(used)?.includes(place));
  const place = ([name, settings]: [string, JsonObject]): [string, JsonObject][] => {
    const own = places.get(name) ?? [];
    if (own.length === 0) return [];
    const used = (settings.uses as string[] | undefined)?.filter((each) => isThere(each, name));
    return [[name, { ...settings, ...(used && { uses: used }), environments: [...own] }]];
  };
  const placeAll = (entries: Kinds[string]) => Object.fromEntries(Object.entries(entries).flatMap(place));
  return Object.fromEntries(Object.entries(kinds).map(([kind, entries]) => [kind, placeAll(entries)]));
}
