# What deploying is, step by step: register task definitions, run migrations, update services and wait for the verdict,
# write down what runs, publish the web app.

locals {
  cluster = element(split("/", var.cluster_arn), 1)

  pull = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:DescribeImageScanFindings",
    "ecr:DescribeImages",
    "ecr:GetDownloadUrlForLayer",
  ]

  parameters = "${local.arn}:ssm:${local.here}:parameter${var.parameter_path}"

  passed = length(var.role_arns) > 0 ? var.role_arns : [
    for kind in ["task", "execution"] : "${local.arn}:iam::${local.account}:role/${var.name}-*-${kind}"
  ]

  deploy = [
    {
      Sid      = "SignIn"
      Effect   = "Allow"
      Action   = ["ecr:GetAuthorizationToken"]
      Resource = ["*"]
    },
    {
      # To find an image by its commit, and to verify its signature.
      Sid      = "Images"
      Effect   = "Allow"
      Action   = local.pull
      Resource = var.repository_arns
    },
    {
      # ECS knows no narrower resource for these. What a task definition can do hangs on the roles it may name.
      Sid      = "TaskDefinitions"
      Effect   = "Allow"
      Action   = ["ecs:DeregisterTaskDefinition", "ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"]
      Resource = ["*"]
    },
    {
      Sid       = "TaskDefinitionTags"
      Effect    = "Allow"
      Action    = ["ecs:TagResource"]
      Resource  = ["${local.arn}:ecs:${local.here}:task-definition/${var.name}-*:*"]
      Condition = { StringEquals = { "ecs:CreateAction" = "RegisterTaskDefinition" } }
    },
    {
      Sid       = "Roles"
      Effect    = "Allow"
      Action    = ["iam:PassRole"]
      Resource  = local.passed
      Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
    },
    {
      Sid       = "Migrations"
      Effect    = "Allow"
      Action    = ["ecs:RunTask"]
      Resource  = ["${local.arn}:ecs:${local.here}:task-definition/${var.name}-*-migrate:*"]
      Condition = { ArnEquals = { "ecs:cluster" = var.cluster_arn } }
    },
    {
      Sid      = "Tasks"
      Effect   = "Allow"
      Action   = ["ecs:DescribeTasks", "ecs:StopTask"]
      Resource = ["${local.arn}:ecs:${local.here}:task/${local.cluster}/*"]
    },
    {
      Sid    = "Services"
      Effect = "Allow"
      Action = ["ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:UpdateService"]
      Resource = [
        "${local.arn}:ecs:${local.here}:service/${local.cluster}/${var.name}-*",
      ]
    },
    {
      Sid    = "Verdicts"
      Effect = "Allow"
      Action = [
        "ecs:ContinueServiceDeployment",
        "ecs:DescribeServiceDeployments",
        "ecs:DescribeServiceRevisions",
        "ecs:StopServiceDeployment",
      ]
      Resource = [
        "${local.arn}:ecs:${local.here}:service-deployment/${local.cluster}/${var.name}-*/*",
        "${local.arn}:ecs:${local.here}:service-revision/${local.cluster}/${var.name}-*/*",
      ]
    },
    {
      Sid      = "Logs"
      Effect   = "Allow"
      Action   = ["logs:FilterLogEvents", "logs:GetLogEvents"]
      Resource = [for group in var.log_group_arns : "${trimsuffix(group, ":*")}:*"]
    },
    {
      Sid    = "Facts"
      Effect = "Allow"
      Action = ["ssm:GetParameter", "ssm:GetParameterHistory", "ssm:GetParameters", "ssm:GetParametersByPath"]
      Resource = [
        "${local.parameters}/deployment",
        "${local.parameters}/release",
        "${local.parameters}/release/*",
      ]
    },
    {
      Sid      = "Releases"
      Effect   = "Allow"
      Action   = ["ssm:PutParameter"]
      Resource = ["${local.parameters}/release/*"]
    },
    {
      Sid      = "Site"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = [var.site_bucket_arn]
    },
    {
      Sid      = "SiteFiles"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      Resource = ["${var.site_bucket_arn}/*"]
    },
    {
      # Whoever could write the keys could sign tokens: only auth-service may.
      Sid      = "KeysAreNotTheSite"
      Effect   = "Deny"
      Action   = ["s3:DeleteObject", "s3:PutObject"]
      Resource = ["${var.site_bucket_arn}/.well-known/*"]
    },
    {
      Sid      = "Caches"
      Effect   = "Allow"
      Action   = ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"]
      Resource = [var.distribution_arn]
    },
  ]
}
