/** The images that applications build: which they are, and the right to push one. */
import type { Architecture } from "../../architecture.ts";
import type { PlainObject } from "../../cfn/values.ts";
import { repositoryArn } from "../registry/names.ts";
import { policyOf } from "../workload/statements.ts";

/** The image of a service that is kept in a repository of this architecture; undefined where it has none. */
export const imageOf = ({ demands }: Pick<Architecture, "demands">, service: string): string | undefined =>
  demands.find(({ path, images }) => path[0] === "services" && path[1] === service && images?.length)
    ?.images?.[0];

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html, and what reads the image and its scan. */
export const pushPolicy = (architecture: Architecture, image: string): PlainObject =>
  policyOf([
    { Sid: "SignIn", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    {
      Sid: "Push",
      Effect: "Allow",
      Action: [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DescribeImageScanFindings",
        "ecr:DescribeImages",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ],
      Resource: repositoryArn(architecture, image) ?? "",
    },
  ]);
