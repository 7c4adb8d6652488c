/** Declarative policies: how a service is set in every account, whatever somebody there sets. */
import type { PlainObject } from "../../cfn/values.ts";

const assign = (value: string): PlainObject => ({ "@@assign": value });

/**
 * Instances ask for a token before they tell anything (IMDSv2), unless a launch says otherwise; two hops reach into a
 * container. No image becomes public, and consoles are closed. What a resource type sets in each account is not here:
 * where a policy says it, an account can't.
 *
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html
 */
export const ec2Attributes: PlainObject = {
  ec2_attributes: {
    exception_message: assign("The organization's policies say how this is set."),
    image_block_public_access: { state: assign("block_new_sharing") },
    instance_metadata_defaults: {
      http_endpoint: assign("no_preference"),
      http_put_response_hop_limit: assign("2"),
      http_tokens: assign("required"),
      instance_metadata_tags: assign("no_preference"),
    },
    serial_console_access: { status: assign("disabled") },
  },
};

/** No bucket is public: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_s3_syntax.html */
export const s3Attributes: PlainObject = {
  s3_attributes: { public_access_block_configuration: assign("all") },
};
