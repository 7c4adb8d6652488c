/** The function CloudFront runs on each request, run here as CloudFront would. */
import { createContext, runInContext } from "node:vm";

/** What it is given, as far as it looks: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html */
export interface ViewerRequest {
  readonly host: string;
  readonly uri: string;
  /** What follows the question mark; absent where there is none. */
  readonly query?: string | undefined;
}

/** Where the request goes on to, or what is answered at once. */
export type Verdict =
  | { readonly uri: string }
  | {
      readonly statusCode: number;
      readonly headers: Readonly<Record<string, { readonly value: string }>>;
    };

/** @param code as the template has it for one environment */
export function viewerRequestFunction(code: string): (request: ViewerRequest) => Verdict {
  const context = createContext({});
  runInContext(code, context);
  return ({ host, uri, query }) => {
    const request = { method: "GET", uri, headers: { host: { value: host } }, rawQueryString: () => query };
    // What comes back is of another realm, whose objects equal none of this one.
    const { rawQueryString: _, ...verdict } = runInContext("handler", context)({ request });
    return JSON.parse(JSON.stringify(verdict)) as Verdict;
  };
}
