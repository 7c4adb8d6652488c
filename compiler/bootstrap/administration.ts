/** The administration role: what CloudFormation acts as when it runs operations on the stack sets. */
import { type Account, type Architecture, activeAccounts, allRegions } from "../architecture.ts";
import { accountId, partition, sub } from "../cfn/values.ts";
import { type ConcreteStack, Stack } from "../stack.ts";
import { roleNames } from "./names.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html */
export function administrationStack({ name, spec }: Architecture): ConcreteStack {
  const roles = roleNames(name);
  const stack = new Stack(name, "bootstrap-administration", "The role that stack sets act as", ["accounts"]);
  stack.add("AWS::IAM::Role", "AdministrationRole", {
    RoleName: roles.administration,
    Description: `Lets the stack sets of ${name} act in its accounts`,
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: servicePrincipals(allRegions(spec)) },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: {
              "aws:SourceArn": sub`arn:${partition}:cloudformation:*:${accountId}:stackset/${name}-*`,
            },
          },
        },
      ],
    },
    Policies: [
      {
        PolicyName: "assume-execution-roles",
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "sts:AssumeRole",
              Resource: assumable(activeAccounts(spec)).map(
                (id) => sub`arn:${partition}:iam::${id}:role/${roles.execution}`,
              ),
            },
          ],
        },
      },
    ],
  });
  return stack.build();
}

/** As many accounts as a role's own policies, 10,240 characters, surely have room for. */
const NAMED = 100;

/** The accounts by id; where they are too many for a policy, any with a role of that name, which must trust ours. */
const assumable = (accounts: readonly Account[]): readonly string[] =>
  accounts.length > NAMED ? ["*"] : accounts.map(({ id }) => id);

/** Regions that are enabled in every account: those from before March 20, 2019. */
const ENABLED = new Set([
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "eu-central-1",
  "eu-north-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
]);

/** In a Region that an account must enable, CloudFormation goes by a name with the Region in it. */
function servicePrincipals(regions: readonly string[]): string[] {
  const optional = regions.filter((region) => !ENABLED.has(region));
  return [
    "cloudformation.amazonaws.com",
    ...optional.map((region) => `cloudformation.${region}.amazonaws.com`),
  ];
}
