/** Services that only demand: for what is made of demands, without what else a service is. */
import type { Component } from "../../compiler/component.ts";
import { isOwnImage } from "../../compiler/components/registry/names.ts";
import type { JsonObject } from "../../compiler/schema.ts";

export const demanding: Component = {
  path: ["services"],
  isMap: true,
  demands({ settings }) {
    const { image, secrets = [] } = settings as JsonObject & { image: string; secrets?: string[] };
    return { images: [image].filter(isOwnImage), secrets };
  },
  build: () => [],
};
