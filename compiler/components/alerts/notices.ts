/** Notices: what happens once and is told of by itself, which no metric shows. */

import { pascalCase } from "../../names.ts";
import type { Notice, Observation } from "../../observation.ts";
import type { Stack } from "../../stack.ts";
import { messageTemplate } from "./message.ts";
import { told } from "./told.ts";

export function addNotice(stack: Stack, { what }: Observation, notice: Notice, isForChat: boolean): void {
  const { name, pattern, reason, which, means, first, part } = notice;
  const place = which === undefined ? "" : ", <which>";
  const [topic] = told;
  const properties = {
    Description: `Tells people what happens to ${what}: ${name}`,
    EventPattern: stack.local(pattern),
    Targets: [
      {
        Id: "alerts",
        Arn: topic,
        InputTransformer: {
          InputPathsMap: {
            account: "$.account",
            reason,
            time: "$.time",
            ...(which !== undefined && { which }),
          },
          InputTemplate: messageTemplate(
            { title: means, text: `In account <account> at <time>${place}: <reason>`, first },
            isForChat,
          ),
        },
      },
    ],
  };
  stack.add("AWS::Events::Rule", `${pascalCase(name)}Notice`, properties, part ? { part } : {});
}
