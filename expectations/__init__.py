"""What every stage's output must satisfy before it counts as made: Great Expectations suites and what they rest on."""
