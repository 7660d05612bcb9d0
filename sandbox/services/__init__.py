"""What moto lacks of each AWS service: data planes, calls of the AWS provider, and Pulumi resource types."""
