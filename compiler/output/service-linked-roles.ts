/** Service-linked roles that must be there before the first resource of a service comes to an account. */
import type { Placement } from "../architecture.ts";
import type { StackFamily } from "../build.ts";
import type { StackSet } from "./assemble.ts";

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html */
const ECS = "ecs.amazonaws.com";
/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html */
const RDS = "rds.amazonaws.com";

/**
 * These services make their role when an account's first resource is made, use it before IAM knows it everywhere, and
 * refuse the resource: `Unable to assume the service linked role` (aws/containers-roadmap#2614), `Verify that you have
 * permission to create service linked role` (aws-samples/aws-fault-injection-simulator-workshop-v2#195). No template can
 * make the role first, since `AWS::IAM::ServiceLinkedRole` fails where it is there.
 */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ["AWS::ECS::CapacityProvider", ECS],
  ["AWS::ECS::Cluster", ECS],
  ["AWS::ECS::Service", ECS],
  ["AWS::RDS::DBCluster", RDS],
  ["AWS::RDS::DBInstance", RDS],
  ["AWS::RDS::DBSubnetGroup", RDS],
]);

/** A service whose role must be there in an account, by the account's id. */
export interface Need {
  readonly account: string;
  readonly service: string;
}

/** What the stacks of a family need, each of what it really has. */
export const needsOfFamily = ({ placements, stacks }: StackFamily): Need[] =>
  stacks.flatMap(({ resources }, index) => {
    const present = resources.filter(({ part }) => part?.present ?? true);
    return needsIn(
      placements[index] as Placement,
      present.map(({ type }) => type),
    );
  });

/** What a stack set of a template of one's own may need, whatever its conditions. */
export const needsOfStackSet = ({ placements, template }: StackSet): Need[] => {
  const types = Object.values(template.Resources).map(({ Type }) => Type);
  return placements.flatMap((placement) => needsIn(placement, types));
};

function needsIn({ account }: Placement, types: readonly string[]): Need[] {
  const services = types.flatMap((type) => SERVICES.get(type) ?? []);
  return [...new Set(services)].map((service) => ({ account: account.id, service }));
}

/** The services by the accounts' ids, each once, in the order of the alphabet. */
export function serviceLinkedRolesOf(needs: readonly Need[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { account, service } of needs)
    found.set(account, (found.get(account) ?? new Set()).add(service));
  return new Map([...found].map(([account, services]) => [account, [...services].toSorted()]));
}
