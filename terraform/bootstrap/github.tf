# The terraform workflow's two roles. Deploying has roles of its own (modules/delivery), which can do far less.

locals {
  issuer = "token.actions.githubusercontent.com"
  github = var.repository == "" ? 0 : 1

  # Whose tokens count, word for word. A pull request from a fork gets no token.
  subjects = {
    plan  = ["repo:${var.repository}:pull_request", "repo:${var.repository}:ref:refs/heads/main"]
    apply = [for environment in var.apply_environments : "repo:${var.repository}:environment:${environment}"]
  }

  trust = { for role, subjects in local.subjects : role => jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = one(aws_iam_openid_connect_provider.github[*].arn) }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = {
        "${local.issuer}:aud" = "sts.amazonaws.com"
        "${local.issuer}:sub" = subjects
      } }
    }]
  }) }
}

resource "aws_iam_openid_connect_provider" "github" {
  count = local.github

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "plan" {
  count = local.github

  name               = "onus-github-plan"
  description        = "Pull requests of ${var.repository} plan"
  assume_role_policy = local.trust.plan
}

resource "aws_iam_role_policy_attachment" "plan" {
  count = local.github

  role       = aws_iam_role.plan[0].name
  policy_arn = "${local.arn}:iam::aws:policy/ReadOnlyAccess"
}

# A plan reads how things are set up, not what is in them. Plan with -lock=false: this role cannot write a lock either.
resource "aws_iam_role_policy" "plan" {
  count = local.github

  name = "no-contents"
  role = aws_iam_role.plan[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid         = "NoObjectsButTheState"
        Effect      = "Deny"
        Action      = ["s3:GetObject", "s3:GetObjectVersion"]
        NotResource = ["${aws_s3_bucket.state.arn}/*"]
      },
      {
        Sid    = "NoContents"
        Effect = "Deny"
        Action = [
          "ecr:GetDownloadUrlForLayer",
          "logs:FilterLogEvents",
          "logs:GetLogEvents",
          "logs:GetQueryResults",
          "logs:StartQuery",
          "rds:DownloadCompleteDBLogFile",
          "rds:DownloadDBLogFilePortion",
          "secretsmanager:GetSecretValue",
          "sqs:ReceiveMessage",
        ]
        Resource = ["*"]
      },
    ]
  })
}

resource "aws_iam_role" "apply" {
  count = local.github

  name               = "onus-github-apply"
  description        = "Approved jobs of ${var.repository} apply"
  assume_role_policy = local.trust.apply
}

# Everything but people and their rights …
resource "aws_iam_role_policy_attachment" "apply" {
  count = local.github

  role       = aws_iam_role.apply[0].name
  policy_arn = "${local.arn}:iam::aws:policy/PowerUserAccess"
}

# … and the roles of Onus. Who can make a role and give it a policy can do anything in the end, which is why approval
# stands before it and this role cannot change who may take it on.
resource "aws_iam_role_policy" "apply" {
  count = local.github

  name = "roles-of-onus"
  role = aws_iam_role.apply[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "Roles"
        Effect = "Allow"
        Action = [
          "iam:AddRoleToInstanceProfile",
          "iam:AttachRolePolicy",
          "iam:CreateInstanceProfile",
          "iam:CreateRole",
          "iam:DeleteInstanceProfile",
          "iam:DeleteRole",
          "iam:DeleteRolePolicy",
          "iam:DetachRolePolicy",
          "iam:GetInstanceProfile",
          "iam:GetRole",
          "iam:GetRolePolicy",
          "iam:ListAttachedRolePolicies",
          "iam:ListInstanceProfilesForRole",
          "iam:ListRolePolicies",
          "iam:ListRoleTags",
          "iam:PassRole",
          "iam:PutRolePolicy",
          "iam:RemoveRoleFromInstanceProfile",
          "iam:TagInstanceProfile",
          "iam:TagRole",
          "iam:UntagInstanceProfile",
          "iam:UntagRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:UpdateRole",
          "iam:UpdateRoleDescription",
        ]
        Resource = [
          "${local.arn}:iam::${local.account}:instance-profile/onus-*",
          "${local.arn}:iam::${local.account}:role/onus-*",
        ]
      },
      {
        Sid      = "Provider"
        Effect   = "Allow"
        Action   = ["iam:GetOpenIDConnectProvider", "iam:ListOpenIDConnectProviders"]
        Resource = ["${local.arn}:iam::${local.account}:oidc-provider/*"]
      },
      {
        Sid      = "NotItself"
        Effect   = "Deny"
        Action   = ["iam:Add*", "iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Detach*", "iam:Put*", "iam:Tag*", "iam:Untag*", "iam:Update*"]
        Resource = ["${local.arn}:iam::${local.account}:role/onus-github-*"]
      },
      {
        Sid      = "NotItsState"
        Effect   = "Deny"
        Action   = ["s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:DeleteObjectVersion", "s3:PutBucketPolicy", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration"]
        Resource = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]
      },
    ]
  })
}
