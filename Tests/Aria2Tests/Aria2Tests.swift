import Testing

@testable import Aria2
