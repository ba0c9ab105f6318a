# Private ways to AWS's services, each with a policy: even stolen code cannot carry data to somebody else's account
# through them.

locals {
  arn = "arn:${data.aws_partition.current.partition}"
  # Only roles of this account, whatever they may elsewhere.
  own = { StringEquals = { "aws:PrincipalAccount" = local.account } }

  pull = {
    actions = [
      "ecr:GetAuthorizationToken",
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:GetDownloadUrlForLayer",
    ]
    # A token is for no repository in particular, and images may come from another account's registry.
    resources = ["*"]
  }

  # What passes each interface endpoint.
  endpoints = merge(
    {
      "ecr.api" = local.pull
      "ecr.dkr" = local.pull
      logs = {
        actions = concat(
          ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          # A shell in a container is written down, and ECS first looks where.
          var.session_manager ? ["logs:DescribeLogGroups"] : [],
        )
        resources = ["${local.arn}:logs:${var.region}:${local.account}:log-group:*"]
      }
      secretsmanager = {
        actions = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
        resources = [
          "${local.arn}:secretsmanager:${var.region}:${local.account}:secret:onus/*",
          # RDS names the master secret itself.
          "${local.arn}:secretsmanager:${var.region}:${local.account}:secret:rds!*",
        ]
      }
      sqs = {
        actions = [
          "sqs:ChangeMessageVisibility",
          "sqs:DeleteMessage",
          "sqs:GetQueueAttributes",
          "sqs:GetQueueUrl",
          "sqs:ReceiveMessage",
          "sqs:SendMessage",
        ]
        resources = ["${local.arn}:sqs:${var.region}:${local.account}:${var.name}-*"]
      }
      email = {
        actions = ["ses:SendEmail"]
        resources = [
          "${local.arn}:ses:${var.region}:${local.account}:identity/*",
          "${local.arn}:ses:${var.region}:${local.account}:configuration-set/*",
        ]
      }
    },
    var.session_manager ? {
      ssmmessages = {
        actions = [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ]
        resources = ["*"]
      }
    } : {},
    var.xray ? {
      xray = {
        actions = [
          "xray:GetSamplingRules",
          "xray:GetSamplingTargets",
          "xray:PutSpans",
          "xray:PutSpansForIndexing",
          "xray:PutTelemetryRecords",
          "xray:PutTraceSegments",
        ]
        resources = ["*"]
      }
    } : {},
    var.container_instances ? {
      for service in ["ecs", "ecs-agent", "ecs-telemetry"] : service => {
        actions = [
          "ecs:DeregisterContainerInstance",
          "ecs:DiscoverPollEndpoint",
          "ecs:Poll",
          "ecs:RegisterContainerInstance",
          "ecs:StartTelemetrySession",
          "ecs:SubmitAttachmentStateChanges",
          "ecs:SubmitContainerStateChange",
          "ecs:SubmitTaskStateChange",
          "ecs:UpdateContainerInstancesState",
        ]
        resources = ["*"]
      }
    } : {},
  )

  endpoint_zones = slice(local.zones, 0, min(var.endpoint_zones, length(local.zones)))
}

# AWS refuses a policy on the few endpoints that know none.
data "aws_vpc_endpoint_service" "interface" {
  for_each = local.endpoints

  service      = each.key
  service_type = "Interface"
}

resource "aws_vpc_endpoint" "interface" {
  for_each = local.endpoints

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [for zone in local.endpoint_zones : aws_subnet.private[zone].id]
  security_group_ids  = [aws_security_group.this["endpoints"].id]

  policy = data.aws_vpc_endpoint_service.interface[each.key].vpc_endpoint_policy_supported ? jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = each.value.actions
      Resource  = each.value.resources
      Condition = local.own
    }]
  }) : null

  tags = { Name = "${var.name}-${each.key}" }
}

# Not for the database's subnets.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids = concat(
    [aws_route_table.private.id],
    [for zone in local.zones : aws_route_table.egress[zone].id],
  )

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          # ECR keeps the layers of all images in a bucket of AWS, and hands out signed addresses.
          Sid       = "ImageLayers"
          Effect    = "Allow"
          Principal = "*"
          Action    = ["s3:GetObject"]
          Resource  = ["${local.arn}:s3:::prod-${var.region}-starport-layer-bucket/*"]
        },
        {
          # auth-service publishes its keys beside the web app.
          Sid       = "OwnBuckets"
          Effect    = "Allow"
          Principal = "*"
          Action    = ["s3:GetObject", "s3:ListBucket", "s3:PutObject"]
          Resource  = ["*"]
          Condition = { StringEquals = {
            "aws:PrincipalAccount" = local.account
            "aws:ResourceAccount"  = local.account
          } }
        },
      ],
    )
  })

  tags = { Name = "${var.name}-s3" }
}
