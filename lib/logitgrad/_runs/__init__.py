"""What long runs share: who does the work, and a journal of what is finished."""
