"""Extensions of moto, by AWS service: data planes, calls of the AWS provider, and Pulumi resource types."""
