/** The kinds, in the order a reader wants their stack sets. A new kind is a file here and a line below. */
import type { Component } from "../component.ts";
import { alerts } from "./alerts/index.ts";
import { outages } from "./alerts/outages.ts";
import { audit } from "./audit/index.ts";
import { baseline } from "./baseline/index.ts";
import { vpcBlock } from "./baseline/vpc-block.ts";
import { ci } from "./ci/index.ts";
import { cluster } from "./cluster/index.ts";
import { connectivity } from "./connectivity/index.ts";
import { everywhere } from "./dashboards/everywhere.ts";
import { dashboards } from "./dashboards/index.ts";
import { detection } from "./detection/index.ts";
import { domains } from "./domains/index.ts";
import { functions } from "./functions/index.ts";
import { patching } from "./instances/patching.ts";
import { sessions } from "./instances/sessions.ts";
import { keys } from "./keys.ts";
import { loadBalancers } from "./load-balancers/index.ts";
import { monitoring } from "./monitoring/index.ts";
import { network } from "./network/index.ts";
import { organization } from "./organization/index.ts";
import { people } from "./people/index.ts";
import { registry } from "./registry/index.ts";
import { secrets } from "./secrets/index.ts";
import { services } from "./services/index.ts";
import { edge } from "./sites/edge.ts";
import { sites } from "./sites/index.ts";
import { stores } from "./stores/index.ts";
import { vpn } from "./vpn/index.ts";

export const components: readonly Component[] = [
  baseline as unknown as Component,
  alerts as unknown as Component,
  audit as unknown as Component,
  detection as unknown as Component,
  monitoring as unknown as Component,
  organization as unknown as Component,
  people,
  keys,
  network as unknown as Component,
  vpcBlock as unknown as Component,
  domains as unknown as Component,
  sessions as unknown as Component,
  loadBalancers as unknown as Component,
  connectivity as unknown as Component,
  vpn as unknown as Component,
  cluster as unknown as Component,
  patching as unknown as Component,
  stores as unknown as Component,
  registry,
  secrets,
  services as unknown as Component,
  functions as unknown as Component,
  edge,
  sites as unknown as Component,
  outages,
  dashboards,
  everywhere,
  ci,
];
