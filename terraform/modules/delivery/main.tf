# Who may deploy from GitHub, without any key that could be lost: GitHub signs who a job is, and AWS gives roles for an
# hour to jobs of this repository in this environment. One role pushes images, the other one rolls them out. Neither
# can change what Terraform made, nor give itself more.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}"
  here    = "${data.aws_region.current.region}:${local.account}"
  issuer  = "token.actions.githubusercontent.com"

  provider_arn = var.oidc_provider_arn != "" ? var.oidc_provider_arn : aws_iam_openid_connect_provider.github[0].arn
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.oidc_provider_arn == "" ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  # Whose tokens count: word for word, never a pattern.
  trust = {
    for environment in compact([var.environment, var.images_environment]) : environment => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Principal = { Federated = local.provider_arn }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = { StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:sub" = "repo:${var.repository}:environment:${environment}"
        } }
      }]
    })
  }
}

resource "aws_iam_role" "images" {
  count = var.images_environment == "" ? 0 : 1

  name               = "${var.name}-images"
  description        = "Jobs of ${var.repository} in ${var.images_environment} push images"
  assume_role_policy = local.trust[var.images_environment]
}

resource "aws_iam_role_policy" "images" {
  count = var.images_environment == "" ? 0 : 1

  name = "push"
  role = aws_iam_role.images[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "SignIn"
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken"]
        Resource = ["*"]
      },
      {
        # Tags are immutable, so a push can replace nothing; and deleting is not among it.
        Sid    = "Push"
        Effect = "Allow"
        Action = concat(local.pull, [
          "ecr:CompleteLayerUpload",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart",
        ])
        Resource = var.repository_arns
      },
    ]
  })
}

resource "aws_iam_role" "deploy" {
  name               = "${var.name}-deploy"
  description        = "Jobs of ${var.repository} in ${var.environment} deploy"
  assume_role_policy = local.trust[var.environment]
  # A canary bakes for longer than an hour where somebody wants it to.
  max_session_duration = 7200
}

resource "aws_iam_role_policy" "deploy" {
  name   = "deploy"
  role   = aws_iam_role.deploy.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.deploy })
}
