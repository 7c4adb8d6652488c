/** Names of repositories, which others can compute. */
import type { Architecture } from "../../architecture.ts";
import { type Expression, partition, sub } from "../../cfn/values.ts";

export const REGISTRY = "registry";

/** Whether an image is kept in a repository of this architecture: no registry's host stands before it. */
export const isOwnImage = (image: string): boolean => !/^[^/]*[.:]|^localhost\//.test(image);

export const repositoryUri = ({ administration, home }: Architecture, image: string): string =>
  `${administration.id}.dkr.ecr.${home}.amazonaws.com/${image}`;

export const repositoryArn = ({ administration, home }: Architecture, image: string): Expression =>
  sub`arn:${partition}:ecr:${home}:${administration.id}:repository/${image}`;
