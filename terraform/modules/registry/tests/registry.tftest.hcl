mock_provider "aws" {
  override_during = plan

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_ecr_repository" {
    defaults = {
      arn            = "arn:aws:ecr:eu-central-1:123456789012:repository/onus/some"
      repository_url = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/onus/some"
    }
  }
}

run "every_image_has_a_repository" {
  command = plan

  assert {
    condition     = toset(keys(output.repository_urls)) == toset(["onus/auth-service", "onus/task-service", "onus/audit-service", "onus/notify-service", "onus/gateway"])
    error_message = "Four services and the gateway."
  }
  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_tag_mutability == "IMMUTABLE"])
    error_message = "A tag never moves."
  }
  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_scanning_configuration[0].scan_on_push])
    error_message = "Every image is scanned."
  }
  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : !repository.force_delete])
    error_message = "Images are not deleted by mistake."
  }
}

run "old_images_go" {
  command = plan

  assert {
    condition     = alltrue([for policy in aws_ecr_lifecycle_policy.this : jsondecode(policy.policy).rules[0].selection.tagStatus == "untagged" && jsondecode(policy.policy).rules[1].selection.countNumber == 200])
    error_message = "Fifty releases of an image with three tags beside it each."
  }
}

run "nobody_else_pulls" {
  command = plan

  assert {
    condition     = length(aws_ecr_repository_policy.this) == 0
    error_message = "Other accounts only by name."
  }
}

run "another_account_pulls_and_does_not_push" {
  command = plan

  variables {
    pull_accounts = ["210987654321"]
  }

  assert {
    condition     = alltrue([for policy in aws_ecr_repository_policy.this : jsondecode(policy.policy).Statement[0].Principal.AWS[0] == "arn:aws:iam::210987654321:root"]) && length(aws_ecr_repository_policy.this) == 5
    error_message = "The account is named."
  }
  assert {
    condition     = alltrue(flatten([for policy in aws_ecr_repository_policy.this : [for action in jsondecode(policy.policy).Statement[0].Action : !can(regex("Put|Upload|Delete|\\*", action))]]))
    error_message = "Only reading."
  }
}

run "bad_settings" {
  command = plan

  variables {
    repositories  = ["Onus"]
    kept_images   = 1
    untagged_days = 0
    pull_accounts = ["*"]
  }

  expect_failures = [var.repositories, var.kept_images, var.untagged_days, var.pull_accounts]
}
