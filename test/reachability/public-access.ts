/** The block of public access to the VPCs of an account and Region, and the VPCs that are excluded from it. */
import type { Resource } from "./deployment.ts";
import { type Inventory, mistake, neededAt, textAt } from "./read.ts";

const BLOCK = "AWS::EC2::VPCBlockPublicAccessOptions";
const EXCLUSION = "AWS::EC2::VPCBlockPublicAccessExclusion";

/** What is read here. */
export const publicAccessTypes = [BLOCK, EXCLUSION] as const;

/** @returns whether nothing passes between the internet and a VPC, whatever is attached to it */
export function readBlocked(inventory: Inventory): (vpc: Resource) => boolean {
  const blocks = inventory.of(BLOCK);
  for (const block of blocks) {
    if (neededAt(block, "InternetGatewayBlockMode") !== "block-bidirectional") {
      throw mistake(block, "a block of one direction is not judged here");
    }
  }
  const excluded = inventory.of(EXCLUSION).map((exclusion) => {
    const isWhole = textAt(exclusion, "SubnetId") === undefined;
    if (!isWhole || neededAt(exclusion, "InternetGatewayExclusionMode") !== "allow-bidirectional") {
      throw mistake(exclusion, "an exclusion of less than a VPC in both directions is not judged here");
    }
    return inventory.get(textAt(exclusion, "VpcId"), "AWS::EC2::VPC", exclusion).id;
  });
  return ({ id, place }) => blocks.some((block) => block.place === place) && !excluded.includes(id);
}
