/** Two small templates in the shape the compiler prints: merged over two accounts, linked by an SSM parameter. */

export const SHARED_SERVICES = "300000000003";
export const DEV = "012345678904";

const PLACEMENT = "!FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId]";

/** A VPC with two zones, or three in shared-services, that publishes its id. */
export const NETWORK = `AWSTemplateFormatVersion: '2010-09-09'
Description: Network
Mappings:
  Placement:
    eu-west-1: {'${SHARED_SERVICES}': shared-services, '${DEV}': dev}
  Vpc:
    shared-services: {CidrBlock: 10.0.0.0/16}
    dev: {CidrBlock: 10.1.0.0/16}
  Subnet1:
    shared-services: {CidrBlock: 10.0.0.0/24}
    dev: {CidrBlock: 10.1.0.0/24}
  Conditions:
    shared-services: {HasZone3: 'true', HasEndpoint: 'true'}
    dev: {HasZone3: 'false', HasEndpoint: 'true'}
Conditions:
  HasEndpoint: !Equals [!FindInMap [Conditions, ${PLACEMENT}, HasEndpoint], 'true']
  HasZone3: !And
    - !Condition HasEndpoint
    - !Equals [!FindInMap [Conditions, ${PLACEMENT}, HasZone3], 'true']
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: !FindInMap [Vpc, ${PLACEMENT}, CidrBlock]
      Tags:
        - {Key: Name, Value: !Sub 'network-\${AWS::Region}'}
  Subnet1:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      AvailabilityZone: !Select [0, !GetAZs '']
      CidrBlock: !FindInMap [Subnet1, ${PLACEMENT}, CidrBlock]
  Subnet3:
    Type: AWS::EC2::Subnet
    Condition: HasZone3
    DependsOn: [Subnet1]
    Properties:
      VpcId: !Ref Vpc
      AvailabilityZone: !Select [2, !GetAZs '']
      CidrBlock: 10.0.2.0/24
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Condition: HasEndpoint
    Properties:
      VpcId: !Ref Vpc
      VpcEndpointType: Interface
      ServiceName: !Sub 'com.amazonaws.\${AWS::Region}.ssm'
      SubnetIds: [!Ref Subnet1, !If [HasZone3, !Ref Subnet3, !Ref AWS::NoValue]]
  VpcId:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /landform/network/vpc-id
      Type: String
      Value: !Ref Vpc
      Tags: {Published: 'true'}
  SubnetIds:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /landform/network/subnet-ids
      Type: StringList
      Value: !Join [',', [!Ref Subnet1, !If [HasZone3, !Ref Subnet3, !Ref AWS::NoValue]]]
`;

/** A security group and a key in the VPC of the network's stack. */
export const CONSUMER = `AWSTemplateFormatVersion: '2010-09-09'
Description: Consumer
Parameters:
  NetworkVpcId:
    Type: AWS::SSM::Parameter::Value<AWS::EC2::VPC::Id>
    Description: The VPC
    Default: /landform/network/vpc-id
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupName: consumer
      GroupDescription: Consumer
      VpcId: !Ref NetworkVpcId
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy: {Version: '2012-10-17', Statement: []}
      Tags:
        - {Key: Name, Value: consumer}
  Inventory:
    Type: AWS::SSM::Association
    Properties:
      Name: AWS-GatherSoftwareInventory
`;
