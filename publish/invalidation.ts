/** Telling CloudFront that what it keeps is not current any more. */
import { randomUUID } from "node:crypto";
import {
  type CloudFrontClient,
  CreateInvalidationCommand,
  GetInvalidationCommand,
} from "@aws-sdk/client-cloudfront";
import { DeployError } from "../deploy/errors.ts";
import { pause, type Waiting } from "../deploy/wait.ts";

/**
 * Has everything forgotten, and waits until all edge locations have. One path with a wildcard costs as one, and is right
 * whatever the function makes of the paths that visitors ask for.
 */
export async function invalidate(
  client: CloudFrontClient,
  distributionId: string,
  { signal, pollEvery }: Waiting,
): Promise<void> {
  const { Invalidation } = await client.send(
    new CreateInvalidationCommand({
      DistributionId: distributionId,
      InvalidationBatch: { CallerReference: randomUUID(), Paths: { Quantity: 1, Items: ["/*"] } },
    }),
  );
  const Id = Invalidation?.Id;
  if (!Id) throw new DeployError("CloudFront gave the invalidation no id");
  for (let status = Invalidation.Status; !/^completed$/i.test(status ?? ""); ) {
    await pause(pollEvery, signal);
    const answer = await client.send(new GetInvalidationCommand({ DistributionId: distributionId, Id }));
    status = answer.Invalidation?.Status;
  }
}
