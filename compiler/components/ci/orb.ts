/**
 * The pipeline for repositories of applications, as an orb: they name it by its address, and a change here is one for
 * all of them. https://circleci.com/docs/orbs/author/create-test-and-use-url-orbs/
 */
import type { Architecture } from "../../architecture.ts";
import type { PlainObject } from "../../cfn/values.ts";
import type { Document } from "../../component.ts";
import { imageJob } from "./image-job.ts";
import { releaseJob } from "./release-job.ts";
import { applicationsOf, type CircleCi } from "./settings.ts";

export function orb(architecture: Architecture, circleCi: CircleCi, specFile: string): Document[] {
  const services = applicationsOf(circleCi);
  if (services.length === 0) return [];
  const service: PlainObject = {
    description: "The service, by its name in the spec",
    type: "enum",
    enum: services,
  };
  return [
    {
      file: "circleci-orb.yml",
      content: {
        version: 2.1,
        description: `Builds the images of services of ${architecture.name} and releases them`,
        jobs: {
          image: imageJob(architecture, services, service),
          release: releaseJob(circleCi, service, `specs/${specFile}`),
        },
      },
    },
  ];
}
