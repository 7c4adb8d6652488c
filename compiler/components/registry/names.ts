/** What repositories are called: known before they are there, so that nobody has to be told. */
import type { Architecture } from "../../architecture.ts";
import { type Expression, partition, sub } from "../../cfn/values.ts";

/** The stack set of the repositories. Whoever runs one of their images comes after it. */
export const REGISTRY = "registry";

/** Whether an image is kept in a repository of this architecture: no registry's host stands before it. */
export const isOwnImage = (image: string): boolean => !/^([^/]*[.:][^/]*|localhost)\//.test(image);

/** Where an image of our own is pulled from, without its version. */
export const repositoryUri = ({ administration, home }: Architecture, image: string): string =>
  `${administration.id}.dkr.ecr.${home}.amazonaws.com/${image}`;

/** A repository of ECR, in any account: account, Region, name. */
const ELSEWHERE = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/(.+)$/;

/** The repository of an image, which who pulls it needs a right to; undefined for one that is not in ECR. */
export function repositoryArn({ administration, home }: Architecture, image: string): Expression | undefined {
  const [, account = "", region = "", name] = ELSEWHERE.exec(image) ?? [];
  if (name !== undefined) return sub`arn:${partition}:ecr:${region}:${account}:repository/${name}`;
  return isOwnImage(image)
    ? sub`arn:${partition}:ecr:${home}:${administration.id}:repository/${image}`
    : undefined;
}

/** An image as who pulls it names it: by its tag, or by its digest. */
export const imageUri = (architecture: Architecture, image: string, version: string): string =>
  `${isOwnImage(image) ? repositoryUri(architecture, image) : image}${version.startsWith("sha256:") ? "@" : ":"}${version}`;
