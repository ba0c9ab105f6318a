mock_provider "aws" {
  override_during = plan

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }
  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/onus-dev-some" }
  }
}

variables {
  name             = "onus-dev"
  repository       = "someone@1234/onus@5678"
  environment      = "dev"
  parameter_path   = "/onus/dev"
  repository_arns  = ["arn:aws:ecr:eu-central-1:123456789012:repository/onus/auth-service"]
  cluster_arn      = "arn:aws:ecs:eu-central-1:123456789012:cluster/onus-dev"
  log_group_arns   = ["arn:aws:logs:eu-central-1:123456789012:log-group:/onus-dev/auth"]
  site_bucket_arn  = "arn:aws:s3:::onus-dev-site"
  distribution_arn = "arn:aws:cloudfront::123456789012:distribution/E0123456789ABC"
}

run "only_this_repository_in_this_environment" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.deploy.assume_role_policy).Statement[0].Condition == {
      StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = "repo:someone@1234/onus@5678:environment:dev"
      }
    }
    error_message = "Deploying is for jobs in the environment, word for word."
  }
  assert {
    condition     = jsondecode(aws_iam_role.images[0].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:someone@1234/onus@5678:environment:images"
    error_message = "Pushing is for another environment."
  }
  assert {
    condition     = length(jsondecode(aws_iam_role.deploy.assume_role_policy).Statement) == 1 && jsondecode(aws_iam_role.deploy.assume_role_policy).Statement[0].Action == "sts:AssumeRoleWithWebIdentity"
    error_message = "There is no other way in."
  }
  assert {
    condition     = aws_iam_role.deploy.name != aws_iam_role.images[0].name && aws_iam_role.deploy.max_session_duration <= 7200
    error_message = "Two roles, for two hours at most."
  }
}

run "deploys_and_does_not_administer" {
  command = plan

  assert {
    condition     = alltrue([for statement in local.deploy : alltrue([for action in statement.Action : !strcontains(action, "*")])])
    error_message = "Every action is named."
  }
  assert {
    condition     = flatten([for statement in local.deploy : [for action in statement.Action : action if startswith(action, "iam:")]]) == ["iam:PassRole"]
    error_message = "Of IAM it may only pass roles on."
  }
  assert {
    condition     = [for statement in local.deploy : statement.Sid if contains(statement.Resource, "*")] == ["SignIn", "TaskDefinitions"]
    error_message = "All resources only where AWS knows no narrower ones."
  }
  assert {
    condition     = toset([for statement in local.deploy : statement.Resource if statement.Sid == "Roles"][0]) == toset(["arn:aws:iam::123456789012:role/onus-dev-*-task", "arn:aws:iam::123456789012:role/onus-dev-*-execution"]) && [for statement in local.deploy : statement.Condition if statement.Sid == "Roles"][0].StringEquals["iam:PassedToService"] == "ecs-tasks.amazonaws.com"
    error_message = "Only the tasks' own roles, and only to tasks."
  }
  assert {
    condition     = [for statement in local.deploy : statement.Resource if statement.Sid == "Migrations"][0] == ["arn:aws:ecs:eu-central-1:123456789012:task-definition/onus-dev-*-migrate:*"]
    error_message = "What it starts by itself are migrations."
  }
  assert {
    condition     = [for statement in local.deploy : statement.Resource if statement.Sid == "Services"][0] == ["arn:aws:ecs:eu-central-1:123456789012:service/onus-dev/onus-dev-*"]
    error_message = "Only the services of this environment."
  }
  assert {
    condition     = [for statement in local.deploy : statement.Resource if contains(statement.Action, "ssm:PutParameter")] == [["arn:aws:ssm:eu-central-1:123456789012:parameter/onus/dev/release/*"]]
    error_message = "It writes down releases and nothing else."
  }
  assert {
    condition     = [for statement in local.deploy : statement.Resource if statement.Effect == "Deny" && contains(statement.Action, "s3:PutObject")] == [["arn:aws:s3:::onus-dev-site/.well-known/*"]]
    error_message = "It never writes the keys by which tokens are believed."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.deploy.policy).Statement[0].Sid == "SignIn" && length(jsondecode(aws_iam_role_policy.deploy.policy).Statement) == length(local.deploy)
    error_message = "That is the policy."
  }
}

run "pushes_and_does_not_delete" {
  command = plan

  assert {
    condition     = alltrue(flatten([for statement in jsondecode(aws_iam_role_policy.images[0].policy).Statement : [for action in statement.Action : startswith(action, "ecr:") && !can(regex("Delete|\\*", action))]]))
    error_message = "Images only, and none is deleted."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.images[0].policy).Statement[1].Resource == ["arn:aws:ecr:eu-central-1:123456789012:repository/onus/auth-service"]
    error_message = "Only to our repositories."
  }
}

run "a_provider_that_is_there" {
  command = plan

  variables {
    oidc_provider_arn  = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    images_environment = ""
  }
  state_key = "there"

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && output.images_role_arn == null
    error_message = "An account has one provider; pushing can be elsewhere's business."
  }
}

run "no_wildcards" {
  command = plan

  variables {
    repository         = "someone/*"
    environment        = "*"
    images_environment = "*"
    parameter_path     = "/"
  }

  expect_failures = [var.repository, var.environment, var.images_environment, var.parameter_path]
}

run "both_ids_or_none" {
  command = plan

  variables { repository = "someone@1234/onus" }

  expect_failures = [var.repository]
}
