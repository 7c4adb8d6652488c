/** The registry: a repository for each image of our own, in the administration account, for all who run it. */
import type { Placement } from "../../architecture.ts";
import { keyPolicy, rootOf } from "../../cfn/security.ts";
import { type Expression, type PlainObject, partition, sub } from "../../cfn/values.ts";
import type { Component } from "../../component.ts";
import { type Demand, demandsByName, sourceOf } from "../../demands.ts";
import { pascalCase } from "../../names.ts";
import { Stack } from "../../stack.ts";
import { checkImages } from "./check.ts";
import { REGISTRY } from "./names.ts";

export const registry: Component = {
  check: checkImages,
  /** One stack for all, built with the first placement that demands an image. */
  build({ name, architecture, placement }) {
    const demanding = (demands: readonly Demand[]) =>
      architecture.placements.filter((each) => demands.some((demand) => demand.placement === each));
    const [first, ...others] = demanding(architecture.demands.filter(({ images }) => images?.length));
    if (first !== placement) return [];
    const images = [...demandsByName(architecture.demands, "images")];
    const from = images.map(([, demands]) => sourceOf(architecture, demands[0] as Demand, "image"));
    const stack = new Stack(name, REGISTRY, "The repositories of container images", from[0] ?? []);
    const key = stack.add(
      "AWS::KMS::Key",
      "Key",
      {
        Description: "Encrypts container images",
        EnableKeyRotation: true,
        // ECR decrypts by grants of its own: who pulls needs no permission for the key.
        KeyPolicy: keyPolicy(),
        Tags: [{ Key: "Name", Value: `${name}-${REGISTRY}` }],
      },
      { retain: true },
    );
    images.forEach(([image, demands], index) => {
      stack.add(
        "AWS::ECR::Repository",
        `${pascalCase(image)}Repository`,
        {
          RepositoryName: image,
          ImageTagMutability: "IMMUTABLE",
          // There is one scanning configuration for the whole registry, which is the account's: not ours to take.
          ImageScanningConfiguration: { ScanOnPush: true },
          EncryptionConfiguration: { EncryptionType: "KMS", KmsKey: key.att("Arn") },
          LifecyclePolicy: { LifecyclePolicyText: lifecycle },
          RepositoryPolicyText: pullPolicy(
            demanding(demands),
            demanding(demands.filter(({ isOnLambda }) => isOnLambda)).map((each) => functionsOf(name, each)),
          ),
        },
        { retain: true, from: from[index] ?? [] },
      );
    });
    const serves = new Set([first, ...others].map(({ environment }) => environment));
    const { administration: account, home: region } = architecture;
    return [stack.build({ account, region, serves: [...serves] })];
  },
};

/** Days that an image stays which has no tag and is no part of one that has. */
const UNTAGGED_DAYS = 14;

/**
 * Tagged images stay: the registry can't know which of them runs somewhere, and one that does is pulled again whenever
 * a service scales out. What a tagged image for several processors consists of has no tags and stays with it:
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
const lifecycle = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: "Images without a tag go",
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: UNTAGGED_DAYS,
      },
      action: { type: "expire" },
    },
  ],
});

/** The functions of a placement, as ARNs. */
const functionsOf = (name: string, { account, region }: Placement): Expression =>
  sub`arn:${partition}:lambda:${region}:${account.id}:function:${name}-*`;

/**
 * Lets the accounts of placements pull. In each, its IAM decides who; but for functions Lambda pulls in its own name.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
 */
function pullPolicy(placements: readonly Placement[], functions: readonly Expression[]): PlainObject {
  const accounts = new Set(placements.map(({ account }) => account.id));
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountsPull",
        Effect: "Allow",
        Principal: { AWS: [...accounts].map(rootOf) },
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      },
      ...(functions.length > 0 ? [lambdaPulls(functions)] : []),
    ],
  };
}

const lambdaPulls = (functions: readonly Expression[]): PlainObject => ({
  Sid: "LambdaPulls",
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
  Condition: { ArnLike: { "aws:SourceArn": functions } },
});
