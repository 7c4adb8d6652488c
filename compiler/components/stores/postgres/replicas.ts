/** Read replicas of a database, each with an address of its own. */
import type { PropertiesOf } from "../../../cfn/resources.ts";
import { type Handle, part } from "../../../stack.ts";
import type { StoreContext } from "../index.ts";
import { replicaOutputs } from "../outputs.ts";
import { replicaIdentifier } from "./identifiers.ts";
import { addLogGroups } from "./logs.ts";

/** A replica holds nothing that its source does not, and its logs go with it, so that it can come back. */
export function addReplicas(
  context: StoreContext,
  database: Handle<"AWS::RDS::DBInstance">,
  /** What replicas have like their source. */
  shared: PropertiesOf<"AWS::RDS::DBInstance">,
): void {
  const { stack, store, name, settings, path } = context;
  const from = [...path, "replicas"];
  const { AllocatedStorage, ...alike } = shared;
  // One that grows has by default what its source has grown to; with less RDS would not make it, nor take it for a change.
  const storage = shared.MaxAllocatedStorage === undefined && { AllocatedStorage };
  for (let number = 1; number <= settings.replicas; number++) {
    const id = `Replica${number}`;
    const options = { part: part(id, true), from };
    const identifier = replicaIdentifier(name, store, number);
    const logs = addLogGroups(context, identifier, id, { ...options, expendable: true });
    const replica = stack.add(
      "AWS::RDS::DBInstance",
      id,
      {
        DBInstanceIdentifier: identifier,
        SourceDBInstanceIdentifier: database.ref,
        ...alike,
        ...storage,
      },
      { ...options, expendable: true, dependsOn: logs },
    );
    const outputs = replicaOutputs(store, number);
    stack.publish(outputs.address, replica.att("Endpoint.Address"), options);
    stack.publish(outputs.resourceId, replica.att("DbiResourceId"), options);
  }
}
