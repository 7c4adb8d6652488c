/** What can be seen of a function: how its runs end, how long they take, and what was set aside. */
import type { Architecture } from "../../architecture.ts";
import { Import } from "../../cfn/values.ts";
import type { Entry } from "../../entries.ts";
import type { Alarm, Calculation, Chart, Metric, Observation } from "../../observation.ts";
import { deadLettersName, stackSetOf } from "./outputs.ts";
import { type FunctionSettings, usedBy } from "./settings.ts";

const MINUTE = 60;

/** The share of runs that fail, of a hundred, which is an outage. */
const FAILING = 5;

export function observeFunction(
  { path, settings }: Entry<FunctionSettings>,
  { name }: Architecture,
): readonly Observation[] {
  const fn = String(path.at(-1));
  const metric = (metricName: string, statistic: string): Metric => ({
    namespace: "AWS/Lambda",
    name: metricName,
    dimensions: { FunctionName: `${name}-${fn}` },
    statistic,
  });
  const deadLetters: Metric = {
    namespace: "AWS/SQS",
    name: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: new Import(deadLettersName(fn)) },
    statistic: "Maximum",
  };
  return [
    {
      stackSet: stackSetOf(fn),
      what: `the function ${fn}`,
      row: "functions",
      alarms: [
        errorsAlarm(metric),
        throttlesAlarm(metric("Throttles", "Sum")),
        slowAlarm(metric("Duration", "Maximum"), settings["timeout-seconds"]),
        deadLettersAlarm(deadLetters),
      ],
      charts: chartsOf(metric, deadLetters),
      needs: usedBy(settings),
    },
  ];
}

type Metrics = (name: string, statistic: string) => Metric;

/** Of a function that runs once a day one failure is all there is; of a busy one it is not worth a message. */
const shareOf = (metric: Metrics): Calculation => ({
  expression: "100 * errors / runs",
  metrics: { errors: metric("Errors", "Sum"), runs: metric("Invocations", "Sum") },
});

const errorsAlarm = (metric: Metrics): Alarm => ({
  name: "errors",
  measure: shareOf(metric),
  trouble: "above",
  threshold: FAILING,
  period: 5 * MINUTE,
  periods: 1,
  missing: "fine",
  means: `More than ${FAILING} % of its runs in 5 minutes have failed`,
  first: "look at its log group; what it was called with is among its dead letters once it is given up",
  isOutage: true,
});

const throttlesAlarm = (measure: Metric): Alarm => ({
  name: "throttles",
  measure,
  trouble: "above",
  threshold: 0,
  period: MINUTE,
  periods: 5,
  missing: "fine",
  means: "For 5 minutes it has been called more often at a time than it may run",
  first: "raise its concurrency in the spec, or the account's quota in Lambda",
  isOutage: false,
});

/** @param timeout seconds */
const slowAlarm = (measure: Metric, timeout: number): Alarm => ({
  name: "duration",
  measure,
  trouble: "above",
  // Milliseconds.
  threshold: Math.round(0.9 * timeout * 1000),
  period: 5 * MINUTE,
  periods: 3,
  missing: "fine",
  means: "For 15 minutes some of its runs have taken more than 90 % of the time that they have",
  first: "see what it waits for; raise timeout-seconds, or memory, with which it gets more CPU",
  isOutage: false,
});

const deadLettersAlarm = (measure: Metric): Alarm => ({
  name: "dead-letters",
  measure,
  trouble: "above",
  threshold: 0,
  period: MINUTE,
  periods: 1,
  missing: "fine",
  means: "There is something that it was called with and has failed for again and again",
  first:
    "read it in the queue of dead letters, put right what was wrong, and send it again; it is kept for 14 days",
  isOutage: false,
});

const chartsOf = (metric: Metrics, deadLetters: Metric): readonly Chart[] => [
  {
    title: "Runs",
    lines: {
      runs: metric("Invocations", "Sum"),
      failed: metric("Errors", "Sum"),
      "turned away": metric("Throttles", "Sum"),
    },
    unit: "a minute",
  },
  { title: "Failing runs", lines: { failed: shareOf(metric) }, alarm: "errors", unit: "%" },
  {
    title: "Duration",
    lines: { "one in 20 longer than": metric("Duration", "p95"), longest: metric("Duration", "Maximum") },
    alarm: "duration",
    unit: "ms",
  },
  { title: "Dead letters", lines: { "set aside": deadLetters }, unit: "messages" },
];
