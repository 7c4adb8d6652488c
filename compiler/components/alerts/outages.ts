/** Outages of what is deployed before what it needs, such as a load balancer: their alarms come last. */
import type { Component } from "../../component.ts";
import { pascalCase } from "../../names.ts";
import { alarmName, canFail } from "../../observation.ts";
import { part, Stack } from "../../stack.ts";
import { addOutage, isOn } from "./outage.ts";
import { alertsPath } from "./settings.ts";

export const outages: Component = {
  build({ name, placement, observationsIn, fallible }) {
    const late = observationsIn(placement).filter(
      (observation) => observation.isFirst && canFail(observation),
    );
    if (late.length === 0) return [];
    const stack = new Stack(name, "outages", "Outages of what others are behind", alertsPath);
    for (const observation of late) {
      const { stackSet, alarms, needs = [] } = observation;
      const needed = fallible(needs);
      for (const earlier of [observation, ...needed]) stack.after(earlier.stackSet);
      const rule = alarms
        .filter(({ isOutage }) => isOutage)
        .map((alarm) => isOn(alarmName(name, observation, alarm.name)));
      addOutage(stack, name, observation, { rule, needs: needed }, part(pascalCase(stackSet), true));
    }
    return [stack.build()];
  },
};
