mock_provider "aws" {
  override_during = plan

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::onus-state-123456789012-eu-central-1" }
  }
  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/onus-github-some" }
  }
}

variables {
  region = "eu-central-1"
}

run "the_state_is_kept_well" {
  command = plan

  assert {
    condition     = output.bucket == "onus-state-123456789012-eu-central-1"
    error_message = "A name that the installer can guess."
  }
  assert {
    condition     = aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
    error_message = "Versioned."
  }
  assert {
    condition     = !aws_s3_bucket.state.force_destroy
    error_message = "Not emptied by a destroy."
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.state.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
    error_message = "Encrypted."
  }
  assert {
    condition = (
      aws_s3_bucket_public_access_block.state.block_public_acls && aws_s3_bucket_public_access_block.state.block_public_policy &&
      aws_s3_bucket_public_access_block.state.ignore_public_acls && aws_s3_bucket_public_access_block.state.restrict_public_buckets
    )
    error_message = "Private."
  }
  assert {
    condition = length([
      for statement in jsondecode(aws_s3_bucket_policy.state.policy).Statement : statement
      if statement.Effect == "Deny" && statement.Principal == "*" && statement.Action == "s3:*" && try(statement.Condition.Bool["aws:SecureTransport"], "") == "false" && length(statement.Resource) == 2
    ]) == 1
    error_message = "Only over TLS."
  }
  assert {
    condition     = alltrue([for statement in jsondecode(aws_s3_bucket_policy.state.policy).Statement : statement.Effect == "Deny"])
    error_message = "The policy gives nobody anything."
  }
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.state.rule[0].noncurrent_version_expiration[0].noncurrent_days == 90 && length(aws_s3_bucket_lifecycle_configuration.state.rule) == 1
    error_message = "Only earlier versions go, after three months."
  }
  assert {
    condition     = length(aws_iam_role.plan) + length(aws_iam_role.apply) + length(aws_iam_openid_connect_provider.github) == 0
    error_message = "Without a repository GitHub has no way in."
  }
}

run "github_by_name" {
  command = plan

  variables { repository = "someone@1234/onus@5678" }
  state_key = "github"

  assert {
    condition = jsondecode(aws_iam_role.apply[0].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == [
      "repo:someone@1234/onus@5678:environment:terraform-dev", "repo:someone@1234/onus@5678:environment:terraform-prod",
    ]
    error_message = "Only approved environments apply."
  }
  assert {
    condition = alltrue([for role in concat(aws_iam_role.plan, aws_iam_role.apply) : alltrue([
      for statement in jsondecode(role.assume_role_policy).Statement :
      keys(statement.Condition) == ["StringEquals"] && statement.Condition.StringEquals["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com" &&
      alltrue([for subject in statement.Condition.StringEquals["token.actions.githubusercontent.com:sub"] : startswith(subject, "repo:someone@1234/onus@5678:") && !strcontains(subject, "*")])
    ])])
    error_message = "Word for word, and only this repository."
  }
  assert {
    condition     = aws_iam_role_policy_attachment.plan[0].policy_arn == "arn:aws:iam::aws:policy/ReadOnlyAccess" && alltrue([for statement in jsondecode(aws_iam_role_policy.plan[0].policy).Statement : statement.Effect == "Deny"])
    error_message = "Planning reads, and what it may not read is taken away."
  }
  assert {
    condition     = aws_iam_role_policy_attachment.apply[0].policy_arn == "arn:aws:iam::aws:policy/PowerUserAccess"
    error_message = "Applying is no administrator."
  }
  assert {
    condition = alltrue(flatten([
      for statement in jsondecode(aws_iam_role_policy.apply[0].policy).Statement : [
        for resource in statement.Resource : !contains(statement.Action, "*") && resource != "*"
      ] if statement.Effect == "Allow"
    ]))
    error_message = "Named actions on resources of Onus."
  }
  assert {
    condition = length([
      for statement in jsondecode(aws_iam_role_policy.apply[0].policy).Statement : statement
      if statement.Effect == "Deny" && contains(statement.Resource, "arn:aws:iam::123456789012:role/onus-github-*") && contains(statement.Action, "iam:Put*") && contains(statement.Action, "iam:Update*")
    ]) == 1
    error_message = "It cannot change its own rights."
  }
}

run "bad_settings" {
  command = plan

  variables {
    region             = "Frankfurt"
    bucket             = "Onus_State"
    kept_state_days    = 1
    repository         = "someone/*"
    apply_environments = ["*"]
  }

  expect_failures = [var.region, var.bucket, var.kept_state_days, var.repository, var.apply_environments]
}
