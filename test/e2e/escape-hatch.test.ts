/** A template of one's own and an override really deployed: in order, and read by each other. */
import { expect, test } from "vitest";
import { describeOnMoto } from "../aws/on-moto.ts";
import { emptyWorkplace, loggedIn } from "../support/landform.ts";

const DEV = "111111111111";
const PROD = "222222222222";
const REGION = "eu-west-1";

const SPEC = `version: 1
name: demo
regions: [${REGION}]
accounts:
  dev: { id: "${DEV}", email: aws+dev@demo.example }
  prod: { id: "${PROD}", email: aws+prod@demo.example }
environments:
  dev: { account: dev, network: { azs: 1, nat: none, flow-logs: false } }
  prod: { account: prod, network: { azs: 1, nat: none, flow-logs: false } }
templates:
  group: { file: templates/group.yaml, environments: [prod] }
overrides:
  network:
    in: { prod: { VpcIdParameter: { Properties: { Description: The VPC of prod } } } }
`;

const GROUP = `# Somebody's own.
Parameters:
  VpcId: { Type: "AWS::SSM::Parameter::Value<AWS::EC2::VPC::Id>", Default: /demo/network/vpc-id }
  IsNamed: { Type: String, Default: "yes" }
Conditions:
  IsNamed: !Equals [!Ref IsNamed, "yes"]
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: A group
      GroupName: !If [IsNamed, mine, !Ref AWS::NoValue]
      VpcId: !Ref VpcId
  VpcOfGroup:
    Type: AWS::SSM::Parameter
    Properties: { Name: /demo/group/vpc, Type: String, Value: !Ref VpcId }
`;

describeOnMoto("the escape hatch on moto", (on) => {
  test("deploys after what it reads, where it is to be, and is nothing to do the second time", async () => {
    const place = emptyWorkplace();
    try {
      place.write("specs/spec.yaml", SPEC);
      place.write("specs/templates/group.yaml", GROUP);
      place.env = await loggedIn(on.aws, DEV);
      const run = (...args: string[]) => place.landform(...args, "--poll", "0.05");
      expect(await place.landform("compile")).toMatchObject({ code: 0 });
      expect(await run("bootstrap")).toMatchObject({ code: 0 });
      const { code, err } = await run("deploy");
      expect(code, err).toBe(0);
      expect(await place.landform("plan")).toMatchObject({ code: 0 });
      place.edit("specs/templates/group.yaml", "A group", "Another group");
      expect((await run("deploy")).err).toContain("generated/demo/group.yaml error out-of-date");
      expect(await place.landform("compile")).toMatchObject({ code: 0 });
      expect((await place.landform("plan")).out).toMatch(/group/);
    } finally {
      place.remove();
    }
    const values = (account: string) => on.published(account, REGION, "/demo");
    const prod = await values(PROD);
    expect(prod["/demo/group/vpc"]).toMatch(/^vpc-/);
    expect(prod["/demo/group/vpc"]).toBe(prod["/demo/network/vpc-id"]);
    expect(await values(DEV)).not.toHaveProperty("/demo/group/vpc");
  });
});
