/**
 * The audit: what is done in every account, and what everything in it is set to, kept in the account for security, out of
 * reach of whoever did it.
 */
import type { Component } from "../../component.ts";
import { buildAggregator } from "./aggregator.ts";
import { buildArchive } from "./archive.ts";
import { checkAudit } from "./check.ts";
import { archiveAccountOf } from "./names.ts";
import { buildRecorder } from "./recorder.ts";
import { buildRules } from "./rules.ts";
import { type AuditSettings, auditPath } from "./settings.ts";
import { buildTrail } from "./trail.ts";

export const audit: Component<AuditSettings> = {
  path: auditPath,
  scope: "watched",
  check: checkAudit,
  build({ name, architecture, placement, settings }) {
    const { account, region } = placement;
    const { archive, trail, recorder, rules } = settings;
    const isHome = region === architecture.home;
    const isArchive = isHome && account.id === archiveAccountOf(architecture).id;
    return [
      ...(isArchive ? [buildArchive(architecture, archive)] : []),
      ...(isHome ? [buildTrail(architecture, trail)] : []),
      ...(recorder.enabled ? [buildRecorder(architecture, region, recorder)] : []),
      ...(recorder.enabled && isArchive ? [buildAggregator(architecture)] : []),
      ...(recorder.enabled && rules.enabled ? buildRules(name, region, rules) : []),
    ];
  },
};
