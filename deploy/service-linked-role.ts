/** The roles that services act by in an account: IAM's, one of each service in an account, made before any stack needs it. */
import { CreateServiceLinkedRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import { isAnswer } from "./errors.ts";

/** @returns `unchanged` where the role is there already, whoever made it */
export async function makeServiceLinkedRole(
  client: IAMClient,
  service: string,
): Promise<"created" | "unchanged"> {
  try {
    await client.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: service }));
    return "created";
  } catch (error) {
    // IAM has the same code for a service that it does not know.
    if (isAnswer(error, "InvalidInput") && /has been taken/i.test((error as Error).message))
      return "unchanged";
    throw error;
  }
}
