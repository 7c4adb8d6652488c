/** The key a store has for itself. */
import { keyPolicy } from "../../cfn/security.ts";
import type { Handle, ResourceOptions } from "../../stack.ts";
import type { StoreContext } from "./index.ts";

/** What is made of the store's data is encrypted with it; it must stay as long as any of that does. */
export function addKey(
  { stack, store, tags }: StoreContext,
  options: Pick<ResourceOptions, "part"> = {},
): Handle<"AWS::KMS::Key"> {
  return stack.add(
    "AWS::KMS::Key",
    "Key",
    {
      Description: `Encrypts the store ${store}`,
      EnableKeyRotation: true,
      KeyPolicy: keyPolicy(),
      Tags: tags,
    },
    { retain: true, ...options },
  );
}
