/** Vitest's global setup: fetches the packages of the VPN's tests once for all test files and says where they are. */
import type { TestProject } from "vitest/node";
import { fetchedPackages, type Packages } from "./packages.ts";

declare module "vitest" {
  interface ProvidedContext {
    vpnPackages: Packages;
  }
}

export default function setup(project: TestProject): void {
  const packages = fetchedPackages();
  if ("skipped" in packages) console.warn(`Tests of the VPN are skipped: ${packages.skipped}`);
  project.provide("vpnPackages", packages);
}
