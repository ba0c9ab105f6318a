# Two kinds of roles. With an execution role ECS starts a task: it pulls the image, reads the secrets, opens the log. With
# a task role the program inside calls AWS. The migration task has its own of both, as it alone reads the master secret.

data "aws_caller_identity" "this" {}

locals {
  # "serve" talks to the world and needs nothing of AWS but to see whether the queues are there.
  queues = concat(var.sends_to, var.receives_from == null ? [] : [var.receives_from.arn])

  tracing = var.collector == null ? [] : [{
    Sid    = "Traces"
    Effect = "Allow"
    # X-Ray knows no resources for these.
    Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"]
    Resource = "*"
  }]

  exec = var.exec == null ? [] : [
    {
      Sid    = "ExecSession"
      Effect = "Allow"
      # Nor has a session of ECS Exec a resource.
      Action = [
        "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel", "logs:DescribeLogGroups",
      ]
      Resource = "*"
    },
    {
      Sid      = "ExecLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = "${var.exec.log_group_arn}:*"
    },
  ]

  probe = length(local.queues) == 0 ? [] : [{
    Sid      = "SeeQueues"
    Effect   = "Allow"
    Action   = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
    Resource = local.queues
  }]

  send = length(var.sends_to) == 0 ? [] : [{
    Sid      = "SendEvents"
    Effect   = "Allow"
    Action   = "sqs:SendMessage"
    Resource = var.sends_to
  }]

  receive = var.receives_from == null ? [] : [{
    Sid      = "ConsumeEvents"
    Effect   = "Allow"
    Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"]
    Resource = [var.receives_from.arn]
  }]

  mail = var.mail == null ? [] : [{
    Sid      = "SendMail"
    Effect   = "Allow"
    Action   = "ses:SendEmail"
    Resource = [var.mail.identity_arn, var.mail.configuration_set_arn]
  }]

  discovery = var.discovery_bucket == null ? [] : [{
    Sid    = "PublishKeys"
    Effect = "Allow"
    Action = "s3:PutObject"
    Resource = [
      "${var.discovery_bucket.arn}/.well-known/openid-configuration",
      "${var.discovery_bucket.arn}/.well-known/jwks.json",
    ]
  }]

  task_statements = {
    serve   = concat(local.probe, local.tracing, local.exec)
    work    = concat(local.probe, local.send, local.receive, local.mail, local.tracing, local.exec)
    migrate = local.discovery
  }

  # Known before anything is made, so that it can decide whether there is a policy.
  has_statements = {
    serve   = length(local.task_statements.serve) > 0
    work    = length(local.task_statements.work) > 0
    migrate = length(local.task_statements.migrate) > 0
  }

  # An ARN has seven parts; what follows chooses a value of the secret.
  secret_arns = { for role, kind in { service = "serve", migrate = "migrate" } : role => distinct([
    for arn in values(local.secrets[kind]) : join(":", slice(split(":", arn), 0, min(7, length(split(":", arn)))))
  ]) }

  # Programs are trusted when ECS starts them for this account. AWS documents that condition for task roles only.
  trust = { for role, condition in {
    task      = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.this.account_id } }
    execution = null
    } : role => jsonencode({
      Version = "2012-10-17"
      Statement = [merge(
        { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } },
        condition == null ? {} : { Condition = condition },
      )]
  }) }
}

resource "aws_iam_role" "task" {
  for_each = local.kinds

  name               = "${local.full_name}-${each.key}-task"
  description        = "What ${var.service}-service does of itself, as ${each.key}"
  assume_role_policy = local.trust.task
}

resource "aws_iam_role_policy" "task" {
  #checkov:skip=CKV_AWS_355:X-Ray and ECS Exec know no resources; each action is named
  #checkov:skip=CKV_AWS_290:X-Ray and ECS Exec know no resources; each action is named
  for_each = { for kind, has in local.has_statements : kind => kind if has }

  name   = "task"
  role   = aws_iam_role.task[each.key].name
  policy = jsonencode({ Version = "2012-10-17", Statement = local.task_statements[each.key] })
}

resource "aws_iam_role" "execution" {
  for_each = { service = "", migrate = "-migrate" }

  name               = "${local.full_name}${each.value}-execution"
  description        = "ECS starts tasks of ${var.service}-service (${each.key})"
  assume_role_policy = local.trust.execution
}

resource "aws_iam_role_policy" "execution" {
  #checkov:skip=CKV_AWS_355:ecr:GetAuthorizationToken knows no resource
  for_each = aws_iam_role.execution

  name = "execution"
  role = each.value.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "SignInToRegistry"
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Sid      = "PullImage"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = distinct(concat([var.repository.arn], var.collector == null ? [] : [var.collector.repository_arn]))
      },
      {
        Sid      = "ReadSecrets"
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = local.secret_arns[each.key]
      },
      {
        Sid      = "WriteLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${var.log_group.arn}:log-stream:*"
      },
    ]
  })
}
