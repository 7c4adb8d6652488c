/**
 * Functions as their stacks will be, for as long as the schema does not have them: their rules are judged by the same
 * expectation. Once they are compiled this goes.
 */
import type { Architecture } from "../../compiler/architecture.ts";
import type { JsonObject } from "../../compiler/schema.ts";
import type { PlacedTemplate } from "./deployment.ts";
import { isInternal } from "./expected.ts";
import { Said } from "./said.ts";

/** What each placement gets of the functions that the spec has and the compiler does not know. */
export const functionTemplates = (architecture: Architecture): PlacedTemplate[] =>
  architecture.placements.flatMap((placement) => {
    const said = new Said(architecture, placement);
    return said.named("functions").map(([name, settings]) => ({
      place: placement.name,
      account: placement.account.id,
      region: placement.region,
      stack: `function-${name}`,
      template: new FunctionTemplate(said, settings).build(),
    }));
  });

const GROUP = { Ref: "SecurityGroup" };
const FUNCTION = { "Fn::GetAtt": ["Function", "Arn"] };

/** The template of a function in the making. */
class FunctionTemplate {
  readonly #said: Said;
  readonly #settings: JsonObject;
  readonly #parameters: JsonObject = {};
  readonly #resources: JsonObject = {};

  constructor(said: Said, settings: JsonObject) {
    this.#said = said;
    this.#settings = settings;
  }

  build(): JsonObject {
    const uses = (this.#settings.uses ?? []) as string[];
    for (const used of uses) this.#use(used);
    const isInVpc = Object.keys(this.#resources).length > 0;
    if (isInVpc) {
      this.#add("SecurityGroup", "AWS::EC2::SecurityGroup", {
        VpcId: this.#import("network/vpc-id"),
        SecurityGroupEgress: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIp: "0.0.0.0/0" }],
      });
    }
    const subnets = () => this.#import("network/private-subnet-ids", "List<AWS::EC2::Subnet::Id>");
    this.#add("Function", "AWS::Lambda::Function", {
      ...(isInVpc && { VpcConfig: { SubnetIds: subnets(), SecurityGroupIds: [GROUP] } }),
    });
    if (this.#settings.public) this.#publish(this.#settings.public as JsonObject);
    return { Parameters: this.#parameters, Resources: this.#resources };
  }

  #add(logicalId: string, type: string, properties: JsonObject): void {
    this.#resources[logicalId] = { Type: type, Properties: properties };
  }

  /** A parameter for what another stack set publishes. */
  #import(output: string, type = "String"): JsonObject {
    const logicalId = output.replaceAll(/\W/g, "");
    const name = `/${this.#said.architecture.name}/${output}`;
    this.#parameters[logicalId] = { Type: `AWS::SSM::Parameter::Value<${type}>`, Default: name };
    return { Ref: logicalId };
  }

  #use(used: string): void {
    const store = this.#said.of("stores", used);
    if (store && store.engine !== "s3") {
      const first = store.engine === "postgres" ? 5432 : store.engine === "memcached" ? 11211 : 6379;
      const isServerless = store.engine !== "postgres" && store.class === undefined;
      this.#addWay(used, `store-${used}`, first, isServerless ? first + 1 : first);
    }
    if (isInternal(this.#said, used)) this.#addWay(used, "load-balancer-internal", 443);
  }

  /** Lets the function to the security group of another stack set, by a rule of each. */
  #addWay(used: string, stackSet: string, first: number, last = first): void {
    const group = this.#import(`${stackSet}/security-group-id`);
    const ports = { IpProtocol: "tcp", FromPort: first, ToPort: last };
    this.#add(`${used}Out`, "AWS::EC2::SecurityGroupEgress", {
      ...ports,
      GroupId: GROUP,
      DestinationSecurityGroupId: group,
    });
    this.#add(`${used}In`, "AWS::EC2::SecurityGroupIngress", {
      ...ports,
      GroupId: group,
      SourceSecurityGroupId: GROUP,
    });
  }

  #publish({ path }: JsonObject): void {
    const { architecture, placement } = this.#said;
    const domain = architecture.spec.environments[placement.environment]?.domain as string;
    this.#add("Permission", "AWS::Lambda::Permission", {
      FunctionName: FUNCTION,
      Principal: "elasticloadbalancing.amazonaws.com",
      SourceArn: `arn:aws:elasticloadbalancing:${placement.region}:${placement.account.id}:targetgroup/*`,
    });
    this.#add("TargetGroup", "AWS::ElasticLoadBalancingV2::TargetGroup", {
      TargetType: "lambda",
      Targets: [{ Id: FUNCTION }],
    });
    this.#add("Rule", "AWS::ElasticLoadBalancingV2::ListenerRule", {
      ListenerArn: this.#import("load-balancer-public/listener-arn"),
      Conditions: [
        { Field: "host-header", HostHeaderConfig: { Values: [domain] } },
        { Field: "path-pattern", PathPatternConfig: { Values: [path as string] } },
      ],
      Actions: [{ Type: "forward", TargetGroupArn: { Ref: "TargetGroup" } }],
    });
  }
}
