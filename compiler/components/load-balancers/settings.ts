/** The settings of load balancers, as `schema/load-balancers.json` describes them, defaults filled in. */

export const loadBalancersPath = ["load-balancers"] as const;

export const KINDS = ["public", "internal"] as const;
export type Kind = (typeof KINDS)[number];

export interface LoadBalancersSettings {
  readonly public: BalancerSettings & { readonly "web-acl": boolean };
  readonly internal: BalancerSettings;
  readonly "deletion-protection": boolean;
  readonly "retention-days": number;
}

export interface BalancerSettings {
  readonly enabled: boolean;
  readonly "idle-timeout": number;
}
